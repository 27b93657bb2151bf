"""A labelled set of images, split into train, validation and test."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class FileFacts:
    """A file as it came, before its image was brought to the size of the set.

    Attributes:
        width, height: Of the picture in it, in pixels, as it is looked at (EXIF orientation applied).
        num_bytes: Of the file.
    """

    width: int
    height: int
    num_bytes: int


@dataclass(frozen=True)
class Split:
    """One part of a dataset.

    Attributes:
        images: `uint8 (N, height, width, 3)`, raw RGB in [0, 255].
        labels: `int64 (N,)`, index into `Dataset.class_names`.
        sources: Where each image came from (file name, or seed of a drawing), `N` strings.
        files: The file of each image, `N` of them; None where the images came from no files, or nobody kept note.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    sources: tuple[str, ...]
    files: tuple[FileFacts, ...] | None = None

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class RejectedFile:
    """A file that could not be used, and why: `reason` is a translatable template for `params`."""

    name: str
    reason: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ImportNote:
    """What an import found or did: a translatable `template` for `params`."""

    template: str
    params: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.params)


@dataclass(frozen=True)
class Contradiction:
    """The same picture in two classes.

    Attributes:
        first: Where one of the two came from, as in `Split.sources`.
        second: Where the other came from.
        first_class: Class of the one.
        second_class: Class of the other.
    """

    first: str
    second: str
    first_class: str
    second_class: str


@dataclass(frozen=True)
class Dataset:
    """Images of at least two classes, split without near-duplicates across the parts.

    Attributes:
        name: Registered name, or the name of the imported file.
        class_names: One name a label, in the order of the labels.
        train: Images to learn from.
        validation: Images to choose hyper-parameters by.
        test: Images that are looked at once, at the end.
        rejected: Files that an import left out.
        split_folders: Folders that an import looked through because they name parts of a split; the images in them
            were mixed and split anew, unless `import_dataset` was told to keep the split.
        notes: What an import did with what it found, and what people should know of it.
        contradictions: Pictures that an import found in two classes; they are kept, for a person to decide.
    """

    name: str
    class_names: tuple[str, ...]
    train: Split
    validation: Split
    test: Split
    rejected: tuple[RejectedFile, ...] = ()
    split_folders: tuple[str, ...] = ()
    notes: tuple[ImportNote, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()

    @property
    def num_classes(self) -> int:
        """How many classes there are."""
        return len(self.class_names)

    @property
    def num_images(self) -> int:
        """How many images there are, of all parts."""
        return sum(len(split) for split in self.splits.values())

    @property
    def image_size(self) -> tuple[int, int]:
        """(height, width) in pixels."""
        return self.train.images.shape[1], self.train.images.shape[2]

    @property
    def splits(self) -> dict[str, Split]:
        """Name of each part ("train", "validation", "test") -> the part, in this order."""
        return {"train": self.train, "validation": self.validation, "test": self.test}
