"""Changes that a person makes to a set of images, and the way back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...errors import InvalidArgumentError
from ...translatable import N_
from ..job import JobContext
from .datasets import COPIED_FROM, DatasetPreview, class_titles, copy_name, keep_dataset, preview, read
from .references import DatasetReference

if TYPE_CHECKING:
    from ...datasets import Dataset
    from ...datasets.edits import DatasetEdit
    from ...store import OwnerStore


def edit_dataset(
    context: JobContext,
    *,
    data: DatasetReference,
    edit: DatasetEdit,
    test_locked: bool = False,
) -> DatasetPreview:
    """Changes a set; what is brought stays on disk, so each step can be taken back.

    Args:
        context: Of the job.
        data: The set as the person saw it when they changed it. Of a ready one, a copy of their own is made.
        edit: The change.
        test_locked: Refuse changes of test images: what a network says of them must not decide on their labels.

    Returns:
        The changed set, under a reference of its own.

    Raises:
        InvalidArgumentError: The change cannot be, see `tlcore.datasets.edits`.
    """
    from ...store.datasets import read_dataset
    from ...store.editions import add_edition, edition_path, set_present_edition

    if test_locked:
        _check_no_test_image(read(context, data.as_brought, mapped=True), edit)
    data = data if data.item is not None else _own_copy(context, data)
    folder = context.store.folder("datasets", data.item or "")
    edition = add_edition(folder, data.edition, edit)
    edited = read_dataset(edition_path(folder, edition), mapped=True)  # refuses what cannot be
    set_present_edition(folder, edition)
    return preview(context, edited, data.at_edition(edition))


def undo_edit(context: JobContext, *, data: DatasetReference) -> DatasetPreview:
    """Takes the last change of a set back.

    Raises:
        InvalidArgumentError: There is none.
    """
    from ...store.editions import parent_of, set_present_edition

    folder = context.store.folder("datasets", data.item or "")
    before = data.at_edition(parent_of(folder, data.edition))
    set_present_edition(folder, before.edition)
    return preview(context, read(context, before, mapped=True), before)


def present_set(store: OwnerStore, item: str) -> DatasetReference:
    """A brought set as its person left it.

    Raises:
        InvalidArgumentError: This session has no such set.
    """
    from ...store.editions import PRESENT, present_edition

    return DatasetReference(item=item, edition=present_edition(store.path("datasets", item, PRESENT).parent))


def _own_copy(context: JobContext, data: DatasetReference) -> DatasetReference:
    """A ready set as one that the session has brought, with its classes called as people read them."""
    dataset, name = read(context, data, mapped=True), copy_name(data.name)
    own = replace(dataset, name=name, class_names=class_titles(dataset, data))
    return keep_dataset(context, own, name, **{COPIED_FROM: data.model_dump(mode="json")})


def _check_no_test_image(dataset: Dataset, edit: DatasetEdit) -> None:
    first_of_test = len(dataset.train) + len(dataset.validation)
    indices = getattr(edit, "indices", ())
    if any(index >= first_of_test for index in indices):
        raise InvalidArgumentError(
            N_(
                "Expected training and validation images only: the test images are locked while labels are put right, "
                "or the test would flatter the network. Leave them out of the selection."
            )
        )
