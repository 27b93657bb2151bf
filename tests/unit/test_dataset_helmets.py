from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

import tlcore
from tlcore.datasets import helmets
from tlcore.datasets.helmets import draw_worker
from tlcore.datasets.helmets.pen import Pen


def test_a_drawing_depends_on_seed_and_number_only() -> None:
    few = tlcore.load_dataset("helmets", num_images=6, image_size=(48, 48), seed=4)
    many = tlcore.load_dataset("helmets", num_images=30, image_size=(48, 48), seed=4)

    def drawings(data: tlcore.datasets.Dataset) -> dict[str, np.ndarray]:
        return {s: i for part in data.splits.values() for s, i in zip(part.sources, part.images, strict=True)}

    for source, image in drawings(few).items():
        np.testing.assert_array_equal(image, drawings(many)[source])


def test_odd_numbers_wear_a_hard_hat() -> None:
    data = tlcore.load_dataset("helmets", num_images=20, image_size=(32, 32))
    for part in data.splits.values():
        for source, label in zip(part.sources, part.labels, strict=True):
            assert int(source.rsplit(" ", 1)[1]) % 2 == label
    assert data.class_names[1] == "hardhat"


@pytest.mark.parametrize("index", range(40))
def test_every_drawing_is_a_picture(index: int) -> None:
    image = draw_worker(9, index)
    assert image.shape == (150, 150, 3)
    assert image.dtype == np.uint8
    assert image.std() > 15


def test_no_two_drawings_are_alike() -> None:
    images = np.stack([draw_worker(0, index, (32, 32)) for index in range(60)]).astype(np.int64)
    distances = np.abs(images[:, np.newaxis] - images[np.newaxis]).mean(axis=(2, 3, 4))
    assert np.all(distances[~np.eye(60, dtype=bool)] > 8)


def test_mean_colour_does_not_tell_the_classes_apart() -> None:
    from sklearn.linear_model import LogisticRegression

    images = np.stack([draw_worker(2, index, (32, 32)) for index in range(300)])
    labels = np.arange(300) % 2
    colours = images.reshape(300, -1, 3).mean(axis=1) / 255
    probe = LogisticRegression().fit(colours[:200], labels[:200])
    assert probe.score(colours[200:], labels[200:]) < 0.65


def test_a_hard_hat_lies_within_the_box_of_its_head(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawn once as always and once with the hat on another sheet, a worker differs inside the box only."""
    draw_helmet = helmets.headwear.draw_helmet

    def draw_elsewhere(pen: Pen, *arguments: Any) -> None:
        draw_helmet(Pen(ImageDraw.Draw(Image.new("RGB", (300, 300)), "RGBA"), (150, 150), pen.unit), *arguments)

    numbers = range(1, 60, 2)
    worn = [drawing(number) for number in numbers]
    monkeypatch.setattr(helmets.headwear, "draw_helmet", draw_elsewhere)
    boxes = helmets.head_boxes([f"seed 0, drawing {number}" for number in numbers])
    for number, picture, (top, left, bottom, right) in zip(numbers, worn, boxes, strict=True):
        rows, columns = np.nonzero((picture != drawing(number)).any(axis=-1))
        assert len(rows), "the hat is seen"
        assert 300 * top - 1 <= rows.min() <= rows.max() <= 300 * bottom
        assert 300 * left - 1 <= columns.min() <= columns.max() <= 300 * right


def drawing(number: int) -> np.ndarray:
    """The clean drawing, before the camera."""
    return np.asarray(helmets._drawn(np.random.default_rng((0, number)), has_hardhat=True)[0])
