"""Which arrays are images, and the sentence for those that are not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tlcore.errors import InvalidArgumentError
from tlcore.models.images import check_images, image_batch


def test_one_image_becomes_a_batch_of_one() -> None:
    assert image_batch(np.zeros((8, 6, 3), np.uint8)).shape == (1, 8, 6, 3)


def test_bytes_are_passed_on_without_a_copy() -> None:
    images = np.zeros((2, 8, 8, 3), np.uint8)
    assert np.shares_memory(image_batch(images), images)


def test_wide_floats_become_float32() -> None:
    assert image_batch(np.full((1, 4, 4, 3), 255.0)).dtype == np.float32


def _with(value: float) -> Any:
    images = np.zeros((3, 4, 4, 3), np.float32)
    images[1, 2, 2, 0] = value
    return images


@pytest.mark.parametrize(
    ("images", "words"),
    [
        (_with(np.nan), "1 of 3 images, first in number 1"),
        (_with(np.inf), "finite"),
        (_with(-1), "preprocessing"),
        (_with(256), "256"),
        (np.zeros((2, 4, 4, 3), np.int64), "int64"),
        (np.zeros((2, 4, 4, 3), bool), "bool"),
        (np.zeros((2, 3, 4, 5), np.uint8), "Colours come last"),
        (np.zeros((4, 4), np.uint8), "shape"),
        (np.zeros((0, 4, 4, 3), np.uint8), "at least one"),
        ("photo.jpg", "shape"),
        (None, "NoneType"),
        (np.full((2, 4, 4, 3), 0.9, np.float32), r"scaled to \[0, 1\] already.*images \* 255"),
        (np.full((2, 4, 4, 3), 4095.0), "more than 8 bits"),
        (np.zeros((2, 4, 4, 4), np.uint8), r"transparency.*\[..., :3\]"),
        (np.zeros((2, 3, 8, 8), np.uint8), r"moveaxis\(images, 1, -1\)"),
        (np.zeros((3, 8, 8), np.uint8), r"moveaxis\(images, 0, -1\)"),
        (np.zeros((5, 8, 8), np.uint8), "without an axis for the channel"),
        (np.zeros((1, 2, 8, 8, 3), np.uint8), "which has 5"),
        ([np.zeros((4, 4, 3)), np.zeros((5, 4, 3))], "list of images of different sizes"),
        (np.array([None]), "ndarray"),
    ],
)
def test_what_is_no_image_is_refused(images: Any, words: str) -> None:
    with pytest.raises(InvalidArgumentError, match=words):
        image_batch(images)


def test_another_size_than_the_network_takes_is_refused() -> None:
    with pytest.raises(InvalidArgumentError, match=r"\(32, 32, 3\)"):
        image_batch(np.zeros((1, 16, 16, 3), np.uint8), input_shape=(32, 32, 3))


@pytest.mark.parametrize(
    ("shape", "input_shape", "words"),
    [
        ((2, 8, 8, 1), (8, 8, 3), "Repeat the grey"),
        ((2, 8, 8, 3), (8, 8, 1), "mean of the colours"),
        ((2, 6, 8, 3), (8, 6, 3), "the other way round"),
        ((2, 192), (8, 8, 3), r"reshape\(-1, 8, 8, 3\)"),
        ((2, 9, 9, 3), (8, 8, 3), "Resize"),
    ],
)
def test_the_true_cause_is_named_and_only_size_is_told_to_be_resized(shape: Any, input_shape: Any, words: str) -> None:
    with pytest.raises(InvalidArgumentError, match=words) as caught:
        image_batch(np.zeros(shape, np.uint8), input_shape=input_shape)
    assert ("Resize" in str(caught.value)) == (words == "Resize")


def test_black_images_are_images() -> None:
    assert image_batch(np.zeros((1, 4, 4, 3), np.float32)).max() == 0


@pytest.mark.parametrize(
    ("images", "words"),
    [
        (np.zeros((1, 8, 8, 3)), "float64"),
        ([[0, 0], [0, 0]], "Received: list"),
        (np.zeros((8, 8, 3), np.uint8), "shape"),
        (np.zeros((1, 8, 8, 3), np.int32), "int32"),
        (_with(np.nan), "finite"),
    ],
)
def test_a_large_batch_is_refused_where_it_had_to_be_converted(images: Any, words: str) -> None:
    with pytest.raises(InvalidArgumentError, match=words):
        check_images(images, (None, None, 3))
