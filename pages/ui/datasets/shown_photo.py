"""Which photo is taken to show what the network sees: a sample, an image of the set, or the person's own."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.controls import choose_one
from pages.ui.common.dataset_words import class_title
from pages.ui.common.gallery import gallery
from pages.ui.common.i18n import _
from pages.ui.common.messages import photo_note
from pages.ui.common.photo import photo_box, still_in_use
from pages.ui.datasets.state import PHOTO, PHOTO_FILE, PHOTO_NUMBER, PHOTO_ROW, PHOTO_SOURCE
from tlcore.engine.tasks.datasets import DatasetPreview

_SIDE = 80


def choose_photo(data: DatasetPreview) -> tuple[bytes | None, str] | None:
    """The bytes of a photo and its name; no bytes for the sample; None while there is none."""
    sources = {"sample": _("A sample photo"), "set": _("An image of the set"), "own": _("A photo of mine")}
    source = choose_one(_("Photo"), sources, PHOTO_SOURCE)
    if source == "sample":
        st.caption(_("The Summer Palace, as a phone held upright saves it. Photo: danielbuechele, CC BY 2.0."))
        return None, "china.jpg"
    if source == "set":
        samples = data.samples["train"]
        number = min(PHOTO_NUMBER.get(), len(samples) - 1)
        gallery(
            _("Images of the set"),
            [sample.png for sample in samples],
            [class_title(data, sample.label) for sample in samples],
            side=_SIDE,
            chosen=number,
            on_choice=PHOTO_NUMBER.set,
            key=PHOTO_ROW,
        )
        return samples[number].png, samples[number].source
    photo = photo_box(_("Photo"), PHOTO_FILE, PHOTO)
    photo_note()
    still_in_use(PHOTO_FILE, PHOTO)
    return photo
