"""Sets that are made to have a shortcut, and sets that are made to have none."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tlcore.datasets import FileFacts
from tlcore.datasets.shortcuts import MOST_IMAGES, border, find_shortcuts, sample_for_shortcuts

COUNT, SIDE = 90, 36
Made = tuple[NDArray[np.uint8], NDArray[np.int64], list[FileFacts]]


def noise(seed: int = 0, num_classes: int = 2) -> Made:
    """Nothing tells the classes apart; images and files differ among themselves, as photographs do."""
    random = np.random.default_rng(seed)
    tint = random.integers(0, 120, (COUNT, 1, 1, 3), np.uint8)
    images = tint + random.integers(0, 100, (COUNT, SIDE, SIDE, 3), np.uint8)
    files = [
        FileFacts(*random.integers(200, 4000, 2).tolist(), int(random.integers(20_000, 5_000_000))) for _ in images
    ]
    return images, np.arange(COUNT) % num_classes, files


def traps(made: Made) -> set[str]:
    images, labels, files = made
    return {probe.trait for probe in find_shortcuts(list(images), labels, files=files) if probe.is_trap}


@pytest.mark.parametrize("num_classes", [2, 3])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_no_trap_is_seen_where_none_is(seed: int, num_classes: int) -> None:
    assert traps(noise(seed, num_classes)) == set()


def test_an_even_tint_of_one_class_is_seen() -> None:
    images, labels, files = noise()
    images[labels == 1, ..., 0] = images[labels == 1, ..., 0] // 4 + 190
    assert traps((images, labels, files)) == {"colour", "border"}


def test_a_coloured_frame_is_seen_in_the_border_and_what_is_inside_is_not() -> None:
    images, labels, files = noise()
    images[labels == 1, :3, :, 1] = 250
    assert "border" in traps((images, labels, files))
    images, labels, files = noise()
    images[labels == 1, 10:26, 10:26] = 255 - images[labels == 1, 10:26, 10:26] // 8
    assert "border" not in traps((images, labels, files)), "the thing itself may differ"
    inside = images[0].copy()
    inside[SIDE // 12 : -SIDE // 12, SIDE // 12 : -SIDE // 12] = 0
    np.testing.assert_array_equal(border(inside), border(images[0]))


def test_files_of_another_camera_are_seen() -> None:
    images, labels, files = noise()
    files = [
        FileFacts(4032, 3024, file.num_bytes) if label else file for file, label in zip(files, labels, strict=True)
    ]
    assert traps((images, labels, files)) == {"file"}
    assert [probe.trait for probe in find_shortcuts(list(images), labels)] == ["colour", "border"]


def test_copies_do_not_make_a_trap() -> None:
    """Ten photographs, nine times each: whoever has seen one of the nine knows the others."""
    images, _, _ = noise()
    groups = np.arange(COUNT) // 9
    images = images[groups * 9]
    labels = groups % 2
    alone = {probe.trait: probe for probe in find_shortcuts(list(images), labels)}
    assert alone["colour"].balanced_accuracy == 1
    assert not any(probe.is_trap for probe in find_shortcuts(list(images), labels, groups=groups))


def test_numbers_are_honest() -> None:
    images, labels, _ = noise()
    images[labels == 1, ..., 0] = 255
    colour, _ = find_shortcuts(list(images), labels)
    assert (colour.balanced_accuracy, colour.chance, colour.images) == (1.0, 0.5, COUNT)
    assert 0.9 < colour.low < 1 <= colour.high, "a perfect result on few images is not surely perfect"
    assert find_shortcuts(list(images[:3]), np.array([0, 0, 1])) == ()


def test_large_sets_are_sampled_with_all_classes_alike() -> None:
    labels = np.repeat([0, 1], [5000, 300])
    sample = sample_for_shortcuts(labels)
    assert len(sample) == len(set(sample.tolist())) == MOST_IMAGES
    assert np.bincount(labels[sample])[1] == 300
