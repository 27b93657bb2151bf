from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from tlcore.datasets import Dataset, Split
from tlcore.datasets.inspection import brightness, count_images, find_duplicates, mean_images, thumbnail
from tlcore.errors import InvalidArgumentError


@pytest.fixture
def dark_and_bright() -> Dataset:
    """Three dark and three bright noisy images; the first test image repeats a training image."""
    random = np.random.default_rng(0)
    images = random.integers(0, 100, (6, 16, 16, 3), np.uint8)
    images[3:] += 150
    parts = [Split(images[[a, b]], np.array([0, 1]), (f"dark {a}", f"bright {b}")) for a, b in ((0, 3), (1, 4), (2, 5))]
    parts[2].images[0] = parts[0].images[0]
    return Dataset("light", ("dark", "bright"), *parts)


def test_counts(dark_and_bright: Dataset) -> None:
    assert count_images(dark_and_bright) == [
        {"class_name": "dark", "train": 1, "validation": 1, "test": 1, "total": 3},
        {"class_name": "bright", "train": 1, "validation": 1, "test": 1, "total": 3},
    ]


def test_brightness_tells_light_from_dark(dark_and_bright: Dataset) -> None:
    dark, bright = brightness(dark_and_bright)
    assert dark["mean"] == pytest.approx(50, abs=5)
    assert bright["mean"] == pytest.approx(200, abs=5)
    assert len(dark["values"]) == 3


def test_mean_image_of_one_image_is_that_image(dark_and_bright: Dataset) -> None:
    np.testing.assert_array_equal(mean_images(dark_and_bright), dark_and_bright.train.images)


def test_a_leak_is_found(dark_and_bright: Dataset) -> None:
    (pair,) = find_duplicates(dark_and_bright)
    assert (pair.first, pair.second) == ("dark 0", "dark 2")
    assert pair.is_leak
    assert not pair.is_contradiction


@pytest.mark.parametrize("image_format", ["webp", "png"])
def test_thumbnails_keep_proportions(image_format: str) -> None:
    image = np.full((100, 200, 3), (200, 30, 30), np.uint8)
    with Image.open(BytesIO(thumbnail(image, side=50, image_format=image_format))) as small:
        assert small.size == (50, 25)
        assert small.format == image_format.upper()


def test_thumbnails_of_what_is_no_image_are_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="uint8"):
        thumbnail(np.zeros((8, 8), np.uint8))
    with pytest.raises(InvalidArgumentError, match="webp"):
        thumbnail(np.zeros((8, 8, 3), np.uint8), image_format="jpeg2000")
