"""What is found in sets whose faults are known."""

from __future__ import annotations

import numpy as np
import pytest

from tlcore.datasets import Dataset, FileFacts, Split
from tlcore.datasets.edits import DeleteImages, MoveImages, edit_labels
from tlcore.datasets.inspection import DatasetInspection, ImagePair, inspect

DARK, BRIGHT = range(0, 12, 2), range(1, 12, 2)


@pytest.fixture
def dark_and_bright() -> Dataset:
    """Noisy images, in turn dark and bright, four in each split; number 8, a test image, repeats number 0."""
    random = np.random.default_rng(0)
    images = random.integers(0, 100, (12, 16, 16, 3), np.uint8)
    images[1::2] += 150
    images[8] = images[0]
    labels = np.arange(12) % 2
    files = tuple(FileFacts(8 + number, 64 if number == 3 else 8 + number, 1000 + number) for number in range(12))
    parts = [Split(images[p], labels[p], ("",) * 4, files[p]) for p in (slice(0, 4), slice(4, 8), slice(8, 12))]
    return Dataset("light", ("dark", "bright"), *parts)


def look(dataset: Dataset, *edits: DeleteImages | MoveImages) -> DatasetInspection:
    return inspect(dataset, edit_labels(dataset, edits))


def test_classes_are_counted_and_light_is_told_from_dark(dark_and_bright: Dataset) -> None:
    dark, bright = look(dark_and_bright).classes
    assert (dark.class_name, dark.train, dark.validation, dark.test, dark.total) == ("dark", 2, 2, 2, 6)
    assert dark.brightness == pytest.approx(50, abs=5)
    assert bright.brightness == pytest.approx(200, abs=5)
    assert np.flatnonzero(dark.histogram).tolist() in ([2, 3], [3])
    assert sum(bright.histogram) == 6


def test_imbalance_is_of_the_training_images(dark_and_bright: Dataset) -> None:
    assert look(dark_and_bright).imbalance == 1
    assert look(dark_and_bright, DeleteImages(indices=(0,))).imbalance == 2


def test_the_mean_image_is_of_the_training_images_of_a_class(dark_and_bright: Dataset) -> None:
    means = look(dark_and_bright, DeleteImages(indices=(2,))).mean_images
    np.testing.assert_array_equal(means[0], dark_and_bright.train.images[0])
    expected = dark_and_bright.train.images[[1, 3]].mean(axis=0)
    assert np.abs(means[1] - expected).max() <= 0.5


def test_a_leak_is_found_and_a_contradiction_once_the_classes_differ(dark_and_bright: Dataset) -> None:
    assert look(dark_and_bright).pairs == (ImagePair(0, 8, is_leak=True, is_contradiction=False),)
    moved = look(dark_and_bright, MoveImages(indices=(8,), class_names=("bright",)))
    assert moved.pairs == (ImagePair(0, 8, is_leak=True, is_contradiction=True),)
    assert look(dark_and_bright, DeleteImages(indices=(0,))).pairs == ()


def test_images_in_which_nothing_is_to_be_seen(dark_and_bright: Dataset) -> None:
    images = dark_and_bright.train.images
    images[0], images[1], images[2] = 0, (images[1] - 150) // 4 + 225, images[2] // 4
    found = look(dark_and_bright)
    assert (found.flat, found.bright, found.dark) == ((0,), (1,), (2,))


def test_files_are_told_where_they_are_known(dark_and_bright: Dataset) -> None:
    files = look(dark_and_bright).files
    assert files is not None
    assert files.enlarged == tuple(range(8)), "files of less than 16 pixels"
    assert files.cropped == (3,)
    dark, bright = files.classes
    assert (dark.width, dark.aspect_ratio, dark.num_bytes) == (13, 1, 1005)
    assert (bright.width, bright.height) == (14, 16)
    assert len(files.points) == 12
    train = Split(dark_and_bright.train.images, dark_and_bright.train.labels, dark_and_bright.train.sources)
    unknown = Dataset("light", ("dark", "bright"), train, dark_and_bright.validation, dark_and_bright.test)
    assert look(unknown).files is None
