"""Makes a dataset of what has been read: which classes are large enough, what stays together, which part each is in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import DatasetError
from ..translatable import N_
from .dataset import Contradiction, Dataset, ImportNote
from .duplicates import group_near_duplicates, same_in_two_classes
from .entries import readable
from .gathering import NO_CLASS_FOLDER, Gathered, Progress
from .splits import MIN_IMAGES_PER_CLASS, kept_split, make_split, split_indices

_ORDER_SHOWN = 4
_MOST_CONTRADICTIONS = 200
_TOO_FEW = N_(
    "Each class needs {least} images that can be read: {class_name!r} has {count}. Add images to that class, or leave "
    "it out."
)
_TOO_FEW_DIFFERENT = N_(
    "Each class needs {least} different images: {class_name!r} has {count}, since copies and images that look the "
    "same count once. Add images to that class."
)
_CLASS_LEFT_OUT = N_(
    "The class {class_name!r} was left out. Different images that can be read: {count}; each class needs {least}. Add "
    "images to it, or remove its folder."
)
_KERAS_ORDER = N_(
    "The classes are numbered as people count: {natural}. Keras numbers folders letter by letter: {keras}. Give it "
    "`class_names`, and it numbers them as here."
)
_KEPT = N_("Each image was left in the part of the split that its folders name.")
_MIXED = N_(
    "Folders named parts of a split. The images in them were put together by class and split anew, with near-"
    "duplicates on one side. The split can be kept instead when the images are brought."
)
_LEAK = N_(
    "The parts were kept as they came, and {count} images of validation and test look like an image to learn from: "
    "the result will flatter. Let the parts be made anew to keep such images on one side."
)


def natural_order(names: Sequence[str]) -> list[str]:
    """Names in the order in which people count: "2" before "10"; otherwise by their letters, as Keras sorts them."""
    return sorted(names, key=lambda name: [(part.isdecimal(), _natural(part)) for part in re.split(r"(\d+)", name)])


def _natural(part: str) -> tuple[int, str]:
    return (int(part), part) if part.isdecimal() else (0, part)


def assembled(
    gathered: Gathered, name: str, seed: int, comparing: Progress | None, *, keep_split: bool = False
) -> Dataset:
    """The images in their splits.

    Classes with fewer than `MIN_IMAGES_PER_CLASS` different images are left out and noted, as long as two are left.

    Args:
        gathered: What was read.
        name: Of the dataset.
        seed: Of the split.
        comparing: Called with how much is compared and how much there is to compare.
        keep_split: Leave images in the part that their folders name.

    Raises:
        DatasetError: Fewer than two classes have enough images.
    """
    class_names = natural_order([*gathered.expected_classes.union(gathered.classes)])
    _check_classes(gathered, class_names)
    notes = gathered.all_notes()
    chosen = _large_classes(gathered, class_names, comparing, notes)
    indices = _split(chosen, seed, notes, keep_split=keep_split)
    notes += _order_notes(chosen.class_names)
    sources = [gathered.names[index] for index in chosen.indices]
    files = [gathered.files[index] for index in chosen.indices]
    train, validation, test = (make_split(chosen.images, chosen.labels, sources, part, files) for part in indices)
    return Dataset(
        name,
        tuple(chosen.class_names),
        train,
        validation,
        test,
        rejected=tuple(gathered.rejected),
        split_folders=gathered.split_folders,
        notes=tuple(notes),
        contradictions=_contradictions(chosen, sources, [gathered.digests[index] for index in chosen.indices]),
    )


@dataclass(frozen=True)
class _Chosen:
    """The images of classes that are large enough.

    Attributes:
        class_names: In the order of the labels.
        indices: Of the images in what was gathered.
        images: `uint8 (N, height, width, 3)`.
        labels: `int64 (N,)`.
        groups: `int64 (N,)`: near-duplicates share one.
        parts: The part of a split that the folders of each image name, or None.
    """

    class_names: list[str]
    indices: list[int]
    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    groups: NDArray[np.int64]
    parts: list[str | None]


def _large_classes(
    gathered: Gathered, class_names: Sequence[str], comparing: Progress | None, notes: list[ImportNote]
) -> _Chosen:
    counts = Counter(gathered.classes)
    large = _large_enough({class_name: counts[class_name] for class_name in class_names}, _TOO_FEW, notes)
    indices = [index for index, class_name in enumerate(gathered.classes) if class_name in large]
    images = np.stack([gathered.images[index] for index in indices])
    labels = _labels(gathered, indices, large)
    files, digests = ([texts[index] for index in indices] for texts in (gathered.file_names, gathered.digests))
    groups = group_near_duplicates(images, files, labels, digests, progress=comparing)
    different = {name: len(np.unique(groups[labels == label])) for label, name in enumerate(large)}
    names = _large_enough(different, _TOO_FEW_DIFFERENT, notes)
    if len(names) < len(large):
        kept = np.flatnonzero(np.isin(labels, [large.index(class_name) for class_name in names]))
        indices, images, groups = [indices[index] for index in kept], images[kept], groups[kept]
        labels = _labels(gathered, indices, names)
    return _Chosen(names, indices, images, labels, groups, [gathered.parts[index] for index in indices])


def _labels(gathered: Gathered, indices: Sequence[int], class_names: Sequence[str]) -> NDArray[np.int64]:
    label_of = {class_name: label for label, class_name in enumerate(class_names)}
    return np.array([label_of[gathered.classes[index]] for index in indices], np.int64)


def _large_enough(counts: dict[str, int], refusal: str, notes: list[ImportNote]) -> list[str]:
    """The classes with enough images; the others are noted, or refused where fewer than two are left."""
    large = [class_name for class_name, count in counts.items() if count >= MIN_IMAGES_PER_CLASS]
    for class_name, count in counts.items():
        if count < MIN_IMAGES_PER_CLASS:
            facts = {"class_name": class_name, "count": count, "least": MIN_IMAGES_PER_CLASS}
            if len(large) < 2:
                raise DatasetError(refusal, **facts)
            notes.append(ImportNote(_CLASS_LEFT_OUT, facts))
    return large


def _split(chosen: _Chosen, seed: int, notes: list[ImportNote], *, keep_split: bool) -> Sequence[NDArray[np.int64]]:
    classes = len(chosen.class_names)
    if any(chosen.parts):
        notes.append(ImportNote(_KEPT if keep_split else _MIXED))
    if not keep_split or not any(chosen.parts):
        return split_indices(chosen.labels, chosen.groups, num_classes=classes, seed=seed)
    indices = kept_split(chosen.labels, chosen.groups, chosen.parts, num_classes=classes, seed=seed)
    learned = chosen.groups[indices[0]]
    leaked = sum(int(np.isin(chosen.groups[part], learned).sum()) for part in indices[1:])
    if leaked:
        notes.append(ImportNote(_LEAK, {"count": leaked}))
    return indices


def _order_notes(class_names: Sequence[str]) -> list[ImportNote]:
    by_letters = sorted(class_names)
    if by_letters == list(class_names):
        return []
    first = next(place for place, names in enumerate(zip(by_letters, class_names, strict=True)) if len(set(names)) > 1)
    shown = slice(max(0, first - 1), first + _ORDER_SHOWN - 1)
    natural, keras = (", ".join(names[shown]) for names in (class_names, by_letters))
    return [ImportNote(_KERAS_ORDER, {"natural": natural, "keras": keras})]


def _contradictions(chosen: _Chosen, sources: Sequence[str], digests: Sequence[str]) -> tuple[Contradiction, ...]:
    pairs = same_in_two_classes(chosen.images, chosen.labels, digests, chosen.groups)
    names = [chosen.class_names[label] for label in chosen.labels]
    return tuple(
        Contradiction(sources[first], sources[second], names[first], names[second])
        for first, second in pairs[:_MOST_CONTRADICTIONS]
    )


def _check_classes(gathered: Gathered, class_names: Sequence[str]) -> None:
    if gathered.split_folders and not gathered.expected_classes:
        raise DatasetError(
            N_(
                "The folders {folders} are named after parts of a split, not after classes, and there is no folder "
                "of a class in them. Put one folder for each class into them, or name them after the classes."
            ),
            folders=", ".join(readable(folder) for folder in gathered.split_folders),
        )
    if not gathered.images and gathered.rejected and all(file.reason == NO_CLASS_FOLDER for file in gathered.rejected):
        raise DatasetError(
            N_(
                "The images lie in no folder, so nothing says which class they are of. Make one folder for each "
                "class, named after it, put the images into them, and pack the folders."
            )
        )
    if not gathered.images:
        first = gathered.rejected[0] if gathered.rejected else None
        raise DatasetError(
            N_(
                "No image could be read ({count} files were left out; the first: {first}). Use one folder of "
                "JPEG or PNG images for each class."
            ),
            count=len(gathered.rejected),
            first=first.name if first else "–",
        )
    if len(class_names) < 2:
        raise DatasetError(
            N_(
                "Two classes or more are needed, each in its own folder. Found one: {class_name!r}. Add a folder "
                "with images of another class."
            ),
            class_name=class_names[0],
        )
