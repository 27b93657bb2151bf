"""Photos of one's own: chosen, dropped or pasted, of which a press on the picture chooses one to look into."""

from __future__ import annotations

import streamlit as st
from streamlit.typing import UploadedFile

from pages.ui.common.focus import await_parts
from pages.ui.common.gallery import gallery
from pages.ui.common.i18n import _, percent
from pages.ui.common.messages import photo_note, photos_note, uploader_note
from pages.ui.common.photo import IMAGE_TYPES, MOST_MB
from pages.ui.common.uploads import store_photos
from pages.ui.live_prediction.asking import answer_to_many, rejected_list
from pages.ui.live_prediction.pasted import pasted_photos
from pages.ui.live_prediction.question import PICTURE_SIDE, Photo
from pages.ui.live_prediction.state import (
    ANSWER,
    UPLOAD,
    UPLOADED,
    UPLOADED_PHOTOS,
    UPLOADS_KNOWN,
    UPLOADS_ROW,
    BroughtPhoto,
)
from pages.ui.live_prediction.words import words_for
from tlcore.datasets import RejectedFile


def uploaded_photo(model: str | None) -> Photo | None:
    """The box, the row of what was put into it or pasted, and the photo that was chosen there."""
    files: list[UploadedFile] = st.file_uploader(
        _("One photo or several"),
        type=IMAGE_TYPES,
        accept_multiple_files=True,
        key=UPLOAD.name,
        max_upload_size=MOST_MB,
        on_change=_arrived,
    )
    uploader_note()
    photos = [*(BroughtPhoto(file.name, file.file_id, file.getvalue()) for file in files), *pasted_photos()]
    if not photos:
        photo_note()
        return None
    place = min(UPLOADED.get(), len(photos) - 1)
    if len(photos) > 1 and model is not None:
        photos_note()
        _row(model, photos, place)
    else:
        photo_note()
    return Photo(photos[place].data, photos[place].name)


def _arrived() -> None:
    """Callback: of the photos that are new, the first is looked at."""
    files: list[UploadedFile] = UPLOAD.get() or []
    known = UPLOADS_KNOWN.get()
    UPLOADED.set(next((place for place, file in enumerate(files) if file.file_id not in known), 0))
    UPLOADS_KNOWN.set(frozenset(file.file_id for file in files))
    await_parts(ANSWER)


def _row(model: str, brought: list[BroughtPhoto], place: int) -> None:
    """All of them with what the network says, once it has looked at them."""
    question = " ".join([model, *(photo.mark for photo in brought)])
    answer = answer_to_many(
        UPLOADED_PHOTOS,
        model,
        question,
        lambda: store_photos([(photo.name, photo.data) for photo in brought]),
    )
    if answer is None:
        return
    places = [_place(photo.name) for photo in answer.photos]
    likeliest = [photo.predictions[0] for photo in answer.photos]
    words = words_for(answer.network, likeliest)
    gallery(
        _("Your photos"),
        [photo.thumbnail for photo in answer.photos],
        [f"{word} {percent(said.probability, 0)}" for word, said in zip(words, likeliest, strict=True)],
        side=PICTURE_SIDE,
        chosen=places.index(place) if place in places else None,
        on_choice=lambda chosen: _choose(places[chosen]),
        key=UPLOADS_ROW,
    )
    others = [file for file in answer.rejected if _place(file.name) != place]  # of that one the answer says it
    rejected_list([_by_its_own_name(file, brought[_place(file.name)].name) for file in others])


def _by_its_own_name(file: RejectedFile, name: str) -> RejectedFile:
    return RejectedFile(name, file.reason, {**file.params, "file": name})


def _place(name: str) -> int:
    """Where a file stands among the uploaded, by the name that `store_photos` gave it."""
    return int(name.partition("_")[0])


def _choose(place: int) -> None:
    UPLOADED.set(place)
    await_parts(ANSWER)
