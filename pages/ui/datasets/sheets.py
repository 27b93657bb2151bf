"""A page of images of the chosen set, fetched as one picture, with what can be done with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from pages.ui.common.dataset_words import class_title, split_title
from pages.ui.common.i18n import _, number
from pages.ui.common.jobs import answer_to
from pages.ui.datasets.changes import change, class_words, edit_of, is_busy
from pages.ui.datasets.contact_sheet import SheetAction, SheetImage, contact_sheet
from pages.ui.datasets.state import SheetKeys
from tlcore.engine.tasks.datasets import DatasetPreview
from tlcore.engine.tasks.gallery import GalleryImage, GalleryPage, GalleryQuery, PageOfGallery

#: Side of a picture on the screen -> how many are on a page.
SIDES = {56: 120, 88: 60, 136: 24}
_WAIT_S = 1.5


@dataclass(frozen=True)
class Sheet:
    """Which images are shown, and what can be done with them.

    Attributes:
        query: Which images.
        side: Of each picture on the screen in pixels, of `SIDES`.
        actions: Of "accept", "move" and "delete".
        suggestions: Class that is suggested for an image, by its number, as an edit calls it.
        test_locked: Whether changes of test images are refused.
        title: Says what stands below an image; its class without it.
    """

    query: GalleryQuery
    side: int
    actions: Sequence[str] = ("move", "delete")
    suggestions: Mapping[int, str] | None = None
    test_locked: bool = False
    title: Callable[[int, GalleryImage], str] | None = None


def sheet_of_images(data: DatasetPreview, sheet: Sheet, keys: SheetKeys) -> GalleryPage | None:
    """Draws a page of images; returns it, None while it is fetched."""
    size = SIDES[sheet.side]
    page = PageOfGallery(number=keys.page.get(), size=size, cell=2 * sheet.side)
    arguments = {"data": data.reference, "query": sheet.query, "page": page}
    shown: GalleryPage | None = answer_to(keys.job, keys.asked, "show_gallery", arguments, wait_s=_WAIT_S)
    if shown is None:
        return None
    if not shown.total:
        st.info(_("No image is like that."), icon=":material/image_search:")
        return shown

    def act(action: SheetAction) -> None:
        change(data, edit_of(action, sheet.suggestions or {}), test_locked=sheet.test_locked)

    contact_sheet(
        shown.sheet,
        [_described(data, sheet, place, image) for place, image in enumerate(shown.images)],
        columns=shown.columns,
        side=sheet.side,
        classes=class_words(data),
        actions=sheet.actions,
        on_action=act,
        key=keys.sheet,
        stamp=f"{data.reference.model_dump_json()} {sheet.query.model_dump_json()} {shown.number}",
        busy=is_busy(),
    )
    _pages(shown, size, keys)
    return shown


def _described(data: DatasetPreview, sheet: Sheet, place: int, image: GalleryImage) -> SheetImage:
    title = class_title(data, image.label) if sheet.title is None else sheet.title(place, image)
    return SheetImage(image.index, title, f"{split_title(image.split)}, {image.source}")


def _pages(shown: GalleryPage, size: int, keys: SheetKeys) -> None:
    first = (shown.number - 1) * size + 1
    st.caption(
        _("Images {first} to {last} of {total}").format(
            first=number(first), last=number(first + len(shown.images) - 1), total=number(shown.total)
        )
    )
    if shown.total > size:
        pages = -(-shown.total // size)
        st.pagination(pages, default=shown.number, key=keys.page.name, persist_state="session")
