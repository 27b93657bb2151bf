"""All images of the chosen set: by class, split and what was found about them."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from pages.ui.common.controls import choose_one, select_one
from pages.ui.common.dataset_words import SPLITS, split_title
from pages.ui.common.i18n import _
from pages.ui.datasets.changes import class_words, classes_form
from pages.ui.datasets.sheets import Sheet, sheet_of_images
from pages.ui.datasets.state import (
    ALL_IMAGES,
    GALLERY_CLASS,
    GALLERY_SIDE,
    GALLERY_SPLIT,
    GALLERY_VERDICT,
    sheet_keys,
)
from tlcore.engine.tasks.datasets import DatasetPreview
from tlcore.engine.tasks.gallery import GalleryQuery

Verdicts = Mapping[str, tuple[str, tuple[int, ...]]]


def gallery_switch() -> bool:
    """Whether all images are shown, and not some."""
    st.toggle(_("All images: look through, delete, move"), key=ALL_IMAGES.widget(), persist_state="session")
    return ALL_IMAGES.get()


def gallery_view(data: DatasetPreview, verdicts: Verdicts) -> None:
    """Filters, a page of images, and what can be done with them.

    Args:
        data: The chosen set.
        verdicts: What was found about images: name -> title, and numbers of the images.
    """
    query = _filters(data, verdicts)
    question = f"{query.class_name} {query.split} {GALLERY_VERDICT.get()} {GALLERY_SIDE.get()}"
    sheet_of_images(data, Sheet(query, GALLERY_SIDE.get()), sheet_keys("gallery", question))
    classes_form(data)


def _filters(data: DatasetPreview, verdicts: Verdicts) -> GalleryQuery:
    left, middle, right = st.columns(3)
    names = {"": _("all classes"), **class_words(data)}
    select_one(_("Class"), names, GALLERY_CLASS, container=left)
    splits = {"": _("all parts"), **{split: split_title(split) for split in SPLITS}}
    select_one(_("Part"), splits, GALLERY_SPLIT, container=middle)
    found = {"": _("all"), **{name: f"{title} ({len(indices)})" for name, (title, indices) in verdicts.items()}}
    select_one(
        _("Found about them"),
        found,
        GALLERY_VERDICT,
        container=right,
        help=_("“What is wrong with them?” looks for near-duplicates, contradictions, and labels that look wrong."),
    )
    sides = {56: _("small"), 88: _("medium"), 136: _("large")}
    choose_one(_("Size of the pictures"), sides, GALLERY_SIDE)
    verdict = GALLERY_VERDICT.get()
    return GalleryQuery(
        class_name=GALLERY_CLASS.get() or None,
        split=GALLERY_SPLIT.get() or None,
        only=verdicts[verdict][1] if verdict else None,
    )
