"""Which images count as the same: the same picture in another file, and not another small thing on the same ground."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageEnhance

from tests.unit.dataset_files import photo
from tlcore.datasets import decode_image
from tlcore.datasets.duplicates import group_near_duplicates, near_duplicate_leaders, near_duplicate_pairs

SIZE = (96, 96)


def groups_of(images: list[Image.Image]) -> int:
    return len(set(leaders(np.stack([np.asarray(image.convert("RGB").resize(SIZE)) for image in images])).tolist()))


def leaders(images: NDArray[np.uint8]) -> NDArray[np.int64]:
    return near_duplicate_leaders(images, lambda done, total: None)


def scene(number: int) -> Image.Image:
    """Soft spots of colour, as a photograph out of focus has them."""
    coarse = np.random.default_rng(number).integers(0, 256, (7, 7, 3), np.uint8)
    return Image.fromarray(coarse).resize(SIZE, Image.Resampling.BICUBIC)


def dotted(ground: Image.Image, random: np.random.Generator, side: int) -> Image.Image:
    image = ground.copy()
    x, y = (int(place) for place in random.integers(4, 90 - side, 2))
    colour = tuple(int(value) for value in random.integers(80, 256, 3))
    ImageDraw.Draw(image).rectangle((x, y, x + side, y + side), fill=colour)
    return image


@pytest.mark.parametrize(
    ("ground", "side"),
    [
        (Image.new("RGB", SIZE), 4),
        (Image.new("RGB", SIZE), 9),
        (Image.new("RGB", SIZE, "white"), 6),
        (scene(0), 12),
        (scene(0), 24),
    ],
)
def test_drawings_of_a_small_thing_on_one_ground_are_all_different(ground: Image.Image, side: int) -> None:
    random = np.random.default_rng(side)
    pictures = [dotted(ground, random, side) for _ in range(60)]
    assert groups_of(pictures) >= 55, "but for a few that do lie on the same spot"


def recompressed(image: Image.Image) -> Image.Image:
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=40)
    return Image.open(buffer)


def noisy(image: Image.Image) -> Image.Image:
    noise = np.random.default_rng(0).normal(0, 6, (*SIZE, 3))
    return Image.fromarray(np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8))


@pytest.mark.parametrize(
    "change",
    [
        recompressed,
        noisy,
        lambda image: image.resize((300, 300)),
        lambda image: image.resize((48, 48)),
        lambda image: ImageEnhance.Brightness(image).enhance(1.15),
        lambda image: ImageEnhance.Contrast(image).enhance(0.9),
        lambda image: image.crop((1, 1, 95, 95)),
    ],
)
def test_the_same_picture_in_another_file_is_found(change: Callable[[Image.Image], Image.Image]) -> None:
    pictures = [scene(number) for number in range(12)]
    assert groups_of([*pictures, *map(change, pictures)]) == 12


def test_likeness_is_not_handed_on() -> None:
    ends = np.asarray(scene(1), float), np.asarray(scene(2), float)
    steps = np.linspace(0, 1, 120)[:, np.newaxis, np.newaxis, np.newaxis]
    morph = np.rint(ends[0] * (1 - steps) + ends[1] * steps).astype(np.uint8)
    leader_of = leaders(morph)
    assert 3 <= len(set(leader_of.tolist())) <= 30, (
        "each step looks like the one before, the ends like nothing of each other"
    )
    assert leader_of[0] != leader_of[-1]
    assert all(leader_of[leader] == leader for leader in leader_of)


def test_pairs_are_those_of_leaders() -> None:
    pictures = np.stack([np.asarray(scene(number % 3)) for number in range(6)])
    assert near_duplicate_pairs(pictures).tolist() == [[0, 3], [1, 4], [2, 5]]


@pytest.mark.parametrize("kind", ["equal", "flat, of one brightness", "flat"])
def test_many_images_without_contrast_are_compared_in_a_moment(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from tlcore.datasets import duplicates

    looked_at = []
    real = duplicates._Looks.second_look
    monkeypatch.setattr(duplicates._Looks, "second_look", lambda *a: looked_at.append(len(a[2])) or real(*a))
    count, random = 1000, np.random.default_rng(0)
    colours = random.integers(0, 256, (count, 3))
    if kind == "flat, of one brightness":
        colours = np.stack([colours[:, 0] // 2, 127 - colours[:, 0] // 2, np.full(count, 80)], axis=1)
    elif kind == "equal":
        colours[:] = colours[0]
    images = np.broadcast_to(colours[:, np.newaxis, np.newaxis], (count, 32, 32, 3)).astype(np.uint8)
    groups = len(set(leaders(images).tolist()))
    assert groups == 1 if kind == "equal" else 5 < groups < count
    assert sum(looked_at) <= duplicates._LOOKED_AT * count / 2, "all pairs would be 500 times as many as images"


def test_files_with_equal_bytes_are_one_whatever_they_show() -> None:
    pictures = np.stack([decode_image(photo(number), image_size=SIZE) for number in range(4)])
    groups = group_near_duplicates(pictures, list("abcd"), np.zeros(4, np.int64), ["x", "y", "x", "z"])
    assert groups[0] == groups[2]
    assert len(set(groups.tolist())) == 3
