"""What is wrong with a set of images, and what a network could learn from it instead of the task."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...translatable import N_
from ..job import JobContext
from .gallery import open_edited, pixels_at
from .references import DatasetReference

if TYPE_CHECKING:
    from ...datasets import Dataset, FileFacts
    from ...datasets.inspection import DatasetInspection
    from ...datasets.shortcuts import ShortcutProbe

#: Images that are looked through in a few seconds.
SHORT_IMAGES = 1500


@dataclass(frozen=True, slots=True, eq=False)
class InspectedSet:
    """What was found in a set.

    Attributes:
        data: The set.
        inspection: Balance, sizes, brightness, near-duplicates.
        shortcuts: How far traits alone tell the classes apart.
    """

    data: DatasetReference
    inspection: DatasetInspection
    shortcuts: tuple[ShortcutProbe, ...]


def inspect_dataset(context: JobContext, *, data: DatasetReference) -> InspectedSet:
    """Looks through all images of a set.

    Raises:
        LongJobError: There are many, and this is where people wait for answers.
    """
    from ...datasets.edits import DELETED
    from ...datasets.inspection import inspect
    from ...datasets.shortcuts import find_shortcuts, sample_for_shortcuts

    brought, edited = open_edited(context, data)
    if len(edited.labels) > SHORT_IMAGES:
        context.take_minutes()
    inspection = inspect(brought, edited, progress=context.progress(N_("comparing images")))
    report = context.progress(N_("looking for shortcuts"))
    report(0, 1)
    kept = np.flatnonzero(edited.labels != DELETED)
    sample = kept[sample_for_shortcuts(edited.labels[kept])]
    shortcuts = find_shortcuts(
        pixels_at(brought, sample.tolist()),
        edited.labels[sample],
        files=_files_at(brought, sample.tolist()),
        groups=_groups(inspection, len(edited.labels))[sample],
    )
    report(1, 1)
    return InspectedSet(data, inspection, shortcuts)


def _files_at(dataset: Dataset, indices: list[int]) -> list[FileFacts] | None:
    parts = [split.files for split in dataset.splits.values()]
    if any(part is None for part in parts):
        return None
    files = [file for part in parts for file in part or ()]
    return [files[index] for index in indices]


def _groups(inspection: DatasetInspection, count: int) -> np.ndarray:
    """A number for each image, the same for near-duplicates."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    links = np.asarray([(pair.first, pair.second) for pair in inspection.pairs], np.int64).reshape(-1, 2)
    alike = coo_array((np.ones(len(links), bool), (links[:, 0], links[:, 1])), shape=(count, count))
    return np.asarray(connected_components(alike, directed=False)[1], np.int64)
