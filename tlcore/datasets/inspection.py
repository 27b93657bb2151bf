"""What a set of images looks like in numbers: balance, sizes, brightness, mean images, near-duplicates, contradictions.

Images are meant by their number in the set as it was brought, as edits mean them. Imports no tensorflow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .dataset import Dataset
from .duplicates import near_duplicate_pairs
from .edits import DELETED, EditedLabels, split_names

#: Mean brightness of a whole image, of 255, below and above which hardly anything can be seen in it.
DARK, BRIGHT = 25.0, 232.0
#: Standard deviation of an image's pixels, of 255, below which it shows one colour.
FLAT = 6.0
BRIGHTNESS_BINS = 16
_CHUNK = 128
_POINTS = 1000

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """One class in numbers.

    Attributes:
        class_name: Its name.
        train, validation, test: Images in each split.
        brightness: Mean over its images of their mean brightness, [0, 255].
        brightness_std: Standard deviation of these.
        histogram: Images by their mean brightness, in `BRIGHTNESS_BINS` equal steps of [0, 256).
    """

    class_name: str
    train: int
    validation: int
    test: int
    brightness: float
    brightness_std: float
    histogram: tuple[int, ...]

    @property
    def total(self) -> int:
        """Images of the class."""
        return self.train + self.validation + self.test


@dataclass(frozen=True, slots=True)
class ImagePair:
    """Two images that look alike at a glance.

    Attributes:
        first, second: Their numbers.
        is_leak: Whether they are in different splits: one would be tested by what another has learned.
        is_contradiction: Whether they are of different classes, though they show the same.
    """

    first: int
    second: int
    is_leak: bool
    is_contradiction: bool


@dataclass(frozen=True, slots=True)
class FileSize:
    """The size of the file that one image came from, in pixels, and the label of the image."""

    width: int
    height: int
    label: int


@dataclass(frozen=True, slots=True)
class ClassFiles:
    """The files of one class: medians over them.

    Attributes:
        class_name: Its name.
        width, height: In pixels.
        aspect_ratio: Width / height.
        num_bytes: Of a file.
    """

    class_name: str
    width: float
    height: float
    aspect_ratio: float
    num_bytes: float


@dataclass(frozen=True, slots=True)
class FileFindings:
    """The files that the images came from.

    Attributes:
        classes: One a class.
        points: Sizes of some of them, evenly taken.
        enlarged: Numbers of the images whose file was smaller than the set's images: they are blurred.
        cropped: Numbers of the images of which more than a third was cut off to make them fit.
    """

    classes: tuple[ClassFiles, ...]
    points: tuple[FileSize, ...]
    enlarged: tuple[int, ...]
    cropped: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class DatasetInspection:
    """What was found in a set.

    Attributes:
        classes: One a label.
        mean_images: `uint8 (classes, height, width, 3)`: the mean of the training images of each class. What they all
            have in common shows in it; where it looks like a class, the task is an easy one.
        pairs: Near-duplicates, contradictions first, then leaks; enough pairs to connect all images that look alike.
        dark, bright, flat: Numbers of images in which hardly anything can be seen.
        files: What is known of the files; None where the images came from none, or nobody kept note.
    """

    classes: tuple[ClassFacts, ...]
    mean_images: NDArray[np.uint8]
    pairs: tuple[ImagePair, ...]
    dark: tuple[int, ...]
    bright: tuple[int, ...]
    flat: tuple[int, ...]
    files: FileFindings | None

    @property
    def imbalance(self) -> float:
        """How many times as many training images the largest class has as the smallest."""
        counts = [each.train for each in self.classes]
        return max(counts) / max(1, min(counts))


def inspect(dataset: Dataset, edited: EditedLabels, *, progress: Progress | None = None) -> DatasetInspection:
    """Looks through all images of a set.

    Args:
        dataset: The set as it was brought.
        edited: Its labels as they are now, see `edits.edit_labels`.
        progress: Called with how much is compared and how much there is to compare; what it raises stops the work.
    """
    kept = np.flatnonzero(edited.labels != DELETED)
    labels, splits = edited.labels[kept], np.asarray(split_names(dataset))[kept]
    images = _images_at(dataset, kept)
    light, spread = _brightness(images)
    return DatasetInspection(
        classes=tuple(_class_facts(edited.class_names, labels, splits, light)),
        mean_images=_mean_images(images, np.where(splits == "train", labels, DELETED), len(edited.class_names)),
        pairs=tuple(_pairs(images, kept, labels, splits, progress or _silent)),
        dark=_numbers(kept[(light < DARK) & (spread >= FLAT)]),
        bright=_numbers(kept[(light > BRIGHT) & (spread >= FLAT)]),
        flat=_numbers(kept[spread < FLAT]),
        files=_files(dataset, edited.class_names, kept, labels),
    )


def _silent(done: int, total: int) -> None:
    """For whoever does not want to know."""


def _images_at(dataset: Dataset, kept: NDArray[np.int64]) -> NDArray[np.uint8]:
    """The kept images, `uint8 (N, height, width, 3)`."""
    starts = np.cumsum([0, *(len(split) for split in dataset.splits.values())])
    parts = zip(dataset.splits.values(), starts[:-1], starts[1:], strict=True)
    return np.concatenate([split.images[kept[(kept >= start) & (kept < end)] - start] for split, start, end in parts])


def _brightness(images: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean and standard deviation of each image's pixels, `float32 (N,)` each."""
    light, spread = np.zeros((2, len(images)), np.float32)
    for start in range(0, len(images), _CHUNK):
        chunk = images[start : start + _CHUNK].astype(np.float32)
        light[start : start + _CHUNK] = chunk.mean(axis=(1, 2, 3))
        spread[start : start + _CHUNK] = chunk.std(axis=(1, 2, 3))
    return light, spread


def _class_facts(
    names: tuple[str, ...], labels: NDArray[np.int64], splits: NDArray[np.str_], light: NDArray[np.float32]
) -> Iterator[ClassFacts]:
    edges = np.linspace(0, 256, BRIGHTNESS_BINS + 1)
    for label, name in enumerate(names):
        own = labels == label
        yield ClassFacts(
            class_name=name,
            train=int(np.sum(splits[own] == "train")),
            validation=int(np.sum(splits[own] == "validation")),
            test=int(np.sum(splits[own] == "test")),
            brightness=float(light[own].mean()),
            brightness_std=float(light[own].std()),
            histogram=tuple(np.histogram(light[own], edges)[0].tolist()),
        )


def _mean_images(images: NDArray[np.uint8], labels: NDArray[np.int64], num_classes: int) -> NDArray[np.uint8]:
    means = [images[labels == label].mean(axis=0, dtype=np.float32) for label in range(num_classes)]
    return np.asarray(np.rint(np.stack(means)), np.uint8)


def _pairs(
    images: NDArray[np.uint8],
    kept: NDArray[np.int64],
    labels: NDArray[np.int64],
    splits: NDArray[np.str_],
    progress: Progress,
) -> list[ImagePair]:
    pairs = []
    for one, other in near_duplicate_pairs(images, progress):
        first, second = sorted((int(one), int(other)))
        if first != second:
            leak, contradiction = bool(splits[first] != splits[second]), bool(labels[first] != labels[second])
            pairs.append(ImagePair(int(kept[first]), int(kept[second]), leak, contradiction))
    return sorted(set(pairs), key=lambda pair: (not pair.is_contradiction, not pair.is_leak, pair.first, pair.second))


def _files(
    dataset: Dataset, names: tuple[str, ...], kept: NDArray[np.int64], labels: NDArray[np.int64]
) -> FileFindings | None:
    files = [split.files for split in dataset.splits.values()]
    facts = np.asarray([(f.width, f.height, f.num_bytes) for part in files for f in part or ()], np.int64)
    if any(part is None for part in files):
        return None
    width, height, num_bytes = facts[kept].T
    target_height, target_width = dataset.image_size
    scale = np.maximum(target_width / width, target_height / height)  # as `decode_image`: until it covers the size
    shown = target_width * target_height / (width * height * scale**2)
    some = np.unique(np.linspace(0, len(kept) - 1, min(len(kept), _POINTS)).round().astype(np.int64))
    medians = [
        ClassFiles(
            name, *(float(np.median(fact[labels == label])) for fact in (width, height, width / height, num_bytes))
        )
        for label, name in enumerate(names)
    ]
    return FileFindings(
        classes=tuple(medians),
        points=tuple(FileSize(int(width[i]), int(height[i]), int(labels[i])) for i in some),
        enlarged=_numbers(kept[scale > 1]),
        cropped=_numbers(kept[shown < 2 / 3]),
    )


def _numbers(indices: NDArray[np.int64]) -> tuple[int, ...]:
    return tuple(indices.tolist())
