"""All images of a set, a page of them at a time: one picture file for all of a page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from ..job import JobContext
from .datasets import class_titles, edits_of, read
from .references import DatasetReference, Reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...datasets import Dataset
    from ...datasets.edits import EditedLabels

MOST_ON_A_PAGE = 200


class GalleryQuery(Reference):
    """Which images are looked at.

    Attributes:
        class_name: Of this class only, by the name that edits have for it.
        split: Of this split only.
        only: These and no others, in this order, by their numbers in the set as it was brought.
    """

    class_name: str | None = None
    split: str | None = None
    only: tuple[int, ...] | None = None


class PageOfGallery(Reference):
    """Which part of them.

    Attributes:
        number: Of the page, from 1.
        size: Images on a page.
        cell: Side of a picture in pixels.
    """

    number: int = Field(1, ge=1)
    size: int = Field(60, ge=1, le=MOST_ON_A_PAGE)
    cell: int = Field(96, ge=16, le=512)


@dataclass(frozen=True, slots=True)
class GalleryImage:
    """An image on a page.

    Attributes:
        index: Its number in the set as it was brought, by which edits mean it.
        label: Of its class, in the set as it is now.
        split: "train", "validation" or "test".
        source: Where it comes from, for example a file's name.
    """

    index: int
    label: int
    split: str
    source: str


@dataclass(frozen=True, slots=True)
class GalleryPage:
    """A page of images.

    Attributes:
        sheet: All pictures as one JPEG file, in rows of `columns`.
        columns: Pictures in a row.
        images: One each, in the order of the sheet.
        number: Of the page, from 1; the last one where the page that was asked for is not there any more.
        total: Images that the question finds.
    """

    sheet: bytes
    columns: int
    images: tuple[GalleryImage, ...]
    number: int
    total: int


def show_gallery(
    context: JobContext, *, data: DatasetReference, query: GalleryQuery, page: PageOfGallery
) -> GalleryPage:
    """A page of the images of a set."""
    brought, edited = open_edited(context, data)
    found = matching_images(brought, edited, query)
    number = min(page.number, max(1, -(-len(found) // page.size)))
    return _page(brought, edited, found[(number - 1) * page.size : number * page.size], page.cell, number, len(found))


def open_edited(context: JobContext, data: DatasetReference) -> tuple[Dataset, EditedLabels]:
    """A set as it was brought, its images still on the disk, and what became of its labels.

    Classes are named as edits name them: those of a ready set as they are read, see `class_titles`.
    """
    from ...datasets.edits import edit_labels

    brought = read(context, data.as_brought, mapped=True)
    edited = edit_labels(brought, edits_of(context, data))
    return brought, edited if data.is_brought else replace(edited, class_names=class_titles(brought, data))


def matching_images(brought: Dataset, edited: EditedLabels, query: GalleryQuery) -> NDArray[np.int64]:
    """Numbers of the images that a question finds, of those that are left; class by class without `only`."""
    from ...datasets.edits import DELETED, split_names

    wanted = edited.labels != DELETED
    if query.class_name is not None:
        names = edited.class_names
        wanted &= edited.labels == (names.index(query.class_name) if query.class_name in names else len(names))
    if query.split is not None:
        wanted &= np.asarray(split_names(brought)) == query.split
    if query.only is not None:
        known = [index for index in query.only if 0 <= index < len(wanted)]
        return np.asarray([index for index in known if wanted[index]], np.int64)
    found = np.flatnonzero(wanted)
    return found[np.argsort(edited.labels[found], kind="stable")]


def pixels_at(brought: Dataset, indices: Sequence[int]) -> list[NDArray[np.uint8]]:
    """The images of these numbers, `uint8 (height, width, 3)` each."""
    parts, pixels = list(brought.splits.values()), []
    for index in indices:
        row = int(index)
        for part in parts:
            if row < len(part):
                pixels.append(np.asarray(part.images[row]))
                break
            row -= len(part)
    return pixels


def _page(
    brought: Dataset, edited: EditedLabels, indices: NDArray[np.int64], cell: int, number: int, total: int
) -> GalleryPage:
    from ...datasets.contact_sheet import COLUMNS, contact_sheet
    from ...datasets.edits import split_names

    splits = split_names(brought)
    sources = [source for part in brought.splits.values() for source in part.sources]
    return GalleryPage(
        sheet=contact_sheet(pixels_at(brought, indices.tolist()), cell),
        columns=COLUMNS,
        images=tuple(GalleryImage(i, int(edited.labels[i]), splits[i], sources[i]) for i in indices.tolist()),
        number=number,
        total=total,
    )
