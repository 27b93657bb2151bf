"""The photo that the features are asked about: an image of the set, or the learner's own."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.controls import choose_one
from pages.ui.common.dataset_words import class_title
from pages.ui.common.i18n import _, number
from pages.ui.common.messages import photo_note, uploader_note
from pages.ui.common.photo import photo_box, still_in_use
from pages.ui.feature_extraction.scene import Scene
from pages.ui.feature_extraction.state import NUMBER, PHOTO, SOURCE, UPLOAD
from tlcore.engine.tasks.image_index import ShownPhoto
from tlcore.engine.tasks.references import PhotoReference

MOST_MB = 20


def photo_control(scene: Scene) -> PhotoReference | None:
    """The photo as the engine's tasks take it; None while there is none."""
    kinds = {"set": _("An image of the set"), "upload": _("Your own photo")}
    kind = choose_one(_("Photo"), kinds, SOURCE)
    if kind == "upload":
        return _own()
    NUMBER.set(min(NUMBER.get(), scene.count))
    chosen = st.number_input(
        _("Number of the image, 1 to {count}").format(count=number(scene.count)),
        1,
        scene.count,
        key=NUMBER.widget(),
        persist_state="session",
    )
    return PhotoReference(index=int(chosen) - 1)


def _own() -> PhotoReference | None:
    uploader_note()
    photo = photo_box(_("Your own photo"), UPLOAD, PHOTO)
    photo_note()
    if photo is None:
        st.info(_("Choose a photo first."), icon=":material/arrow_forward:")
        return None
    still_in_use(UPLOAD, PHOTO)
    return PhotoReference(image=photo[0], file_name=photo[1])


def photo_caption(photo: ShownPhoto, scene: Scene) -> str:
    """What to write below the photo of an answer."""
    if photo.index is None or photo.label is None:
        return _("your photo, as the base sees it")
    return image_caption(photo.index, photo.label, scene)


def image_caption(index: int, label: int, scene: Scene) -> str:
    """Number and class of an image of the set."""
    return _("image {number}: {name}").format(number=number(index + 1), name=class_title(scene.data, label))
