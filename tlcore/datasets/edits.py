"""Changes that a person makes to a set of images: what is left out, moved to another class, renamed.

The set as it was brought stays as it is; a list of edits says what became of it. Images are meant by their number in
the set as brought (training, validation, test, one after the other), which no edit changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from ..errors import InvalidArgumentError
from ..translatable import N_
from .dataset import Dataset, Split

DELETED = -1
_Index = Annotated[int, Field(ge=0)]
_ClassName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class _Edit(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DeleteImages(_Edit):
    """Images that are left out."""

    kind: Literal["delete"] = "delete"
    indices: tuple[_Index, ...] = Field(min_length=1)


class MoveImages(_Edit):
    """Images that get another label: `class_names` has one for each of `indices`."""

    kind: Literal["move"] = "move"
    indices: tuple[_Index, ...] = Field(min_length=1)
    class_names: tuple[str, ...]

    @model_validator(mode="after")
    def _one_each(self) -> MoveImages:
        if len(self.indices) != len(self.class_names):
            raise ValueError("one class for each image")
        return self


class RenameClass(_Edit):
    """Another name for a class; with the name of another class, both become one."""

    kind: Literal["rename"] = "rename"
    class_name: str
    new_name: _ClassName


DatasetEdit = Annotated[DeleteImages | MoveImages | RenameClass, Field(discriminator="kind")]


@dataclass(frozen=True)
class EditedLabels:
    """What edits made of the labels of a set.

    Attributes:
        class_names: One name a label.
        labels: `int64 (N,)`, of every image of the set as brought; `DELETED` for those that were left out.
    """

    class_names: tuple[str, ...]
    labels: NDArray[np.int64]


def all_labels(dataset: Dataset) -> NDArray[np.int64]:
    """`int64 (N,)`: training, validation, test."""
    return np.concatenate([split.labels for split in dataset.splits.values()])


def split_names(dataset: Dataset) -> list[str]:
    """Name of the split of each image."""
    return [name for name, split in dataset.splits.items() for _ in range(len(split))]


def edit_labels(dataset: Dataset, edits: Sequence[DatasetEdit]) -> EditedLabels:
    """The labels after all edits, one after the other.

    A class that has no image left is gone.

    Args:
        dataset: The set as brought.
        edits: The first first.

    Raises:
        InvalidArgumentError: An image or a class that there is not, or too little would be left to train with.
    """
    edited = EditedLabels(dataset.class_names, all_labels(dataset))
    for edit in edits:
        edited = _without_empty_classes(_apply(edited, edit))
    if edits:
        _check_enough(edited, split_names(dataset))
    return edited


def edit_dataset(dataset: Dataset, edits: Sequence[DatasetEdit]) -> Dataset:
    """The set after all edits; each image stays in its split, so a test image is never learned from.

    Raises:
        InvalidArgumentError: As for `edit_labels`.
    """
    return with_labels(dataset, edit_labels(dataset, edits)) if edits else dataset


def with_labels(dataset: Dataset, edited: EditedLabels) -> Dataset:
    """The set as brought with the labels, and without the images, that edits made of it."""
    parts, start = {}, 0
    for name, split in dataset.splits.items():
        labels = edited.labels[start : start + len(split)]
        parts[name] = _kept(split, labels)
        start += len(split)
    return replace(dataset, class_names=edited.class_names, **parts)  # type: ignore[arg-type]


def _kept(split: Split, labels: NDArray[np.int64]) -> Split:
    kept = np.flatnonzero(labels != DELETED)
    if len(kept) == len(split):
        return replace(split, labels=labels)
    sources = tuple(split.sources[index] for index in kept)
    files = None if split.files is None else tuple(split.files[index] for index in kept)
    return Split(split.images[kept], labels[kept], sources, files)


def _apply(edited: EditedLabels, edit: DeleteImages | MoveImages | RenameClass) -> EditedLabels:
    labels, names = edited.labels.copy(), edited.class_names
    if isinstance(edit, RenameClass):
        return _rename(edited, edit)
    indices = np.asarray(edit.indices, np.int64)
    if indices.max() >= len(labels):
        raise InvalidArgumentError(
            N_("Expected the number of an image from 0 to {most}. Received: {value}. The set may have changed."),
            most=len(labels) - 1,
            value=int(indices.max()),
        )
    if isinstance(edit, DeleteImages):
        labels[indices] = DELETED
    else:
        labels[indices] = [_label_of(names, name) for name in edit.class_names]
    return EditedLabels(names, labels)


def _rename(edited: EditedLabels, edit: RenameClass) -> EditedLabels:
    names, label = edited.class_names, _label_of(edited.class_names, edit.class_name)
    if edit.new_name in names and edit.new_name != edit.class_name:
        labels = np.where(edited.labels == label, names.index(edit.new_name), edited.labels)
        return EditedLabels(names, labels)
    return EditedLabels((*names[:label], edit.new_name, *names[label + 1 :]), edited.labels)


def _label_of(names: Sequence[str], name: str) -> int:
    if name not in names:
        raise InvalidArgumentError(
            N_("Expected a class of this set: {names}. Received: {value!r}. The set may have changed."),
            names=list(names),
            value=name,
        )
    return names.index(name)


def _without_empty_classes(edited: EditedLabels) -> EditedLabels:
    used = [label for label in range(len(edited.class_names)) if (edited.labels == label).any()]
    if len(used) == len(edited.class_names):
        return edited
    new_label = np.full(len(edited.class_names) + 1, DELETED)  # the last place is that of DELETED
    new_label[used] = np.arange(len(used))
    return EditedLabels(tuple(edited.class_names[label] for label in used), new_label[edited.labels])


def _check_enough(edited: EditedLabels, splits: Sequence[str]) -> None:
    if len(edited.class_names) < 2:
        raise InvalidArgumentError(
            N_("Two classes or more are needed: with this change only one would be left. Leave another class as it is.")
        )
    split_of = np.asarray(splits)
    for label, class_name in enumerate(edited.class_names):
        for split in ("train", "validation", "test"):
            if not ((edited.labels == label) & (split_of == split)).any():
                raise _nothing_left(class_name, split)


def _nothing_left(class_name: str, split: str) -> InvalidArgumentError:
    templates = {
        "train": N_(
            "With this change, {class_name!r} would have no image left to learn from. Keep some, or merge the class "
            "with another."
        ),
        "validation": N_(
            "With this change, {class_name!r} would have no image left for validation. Keep some, or merge the class "
            "with another."
        ),
        "test": N_(
            "With this change, {class_name!r} would have no image left for the test. Keep some, or merge the class "
            "with another."
        ),
    }
    return InvalidArgumentError(templates[split], class_name=class_name)
