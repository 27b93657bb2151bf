"""Many photos at once: brought as a ZIP or a folder, answered as a table, judged where folders name their classes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st
from streamlit.typing import UploadedFile

from pages.ui.common.charts import confusion_matrix
from pages.ui.common.controls import choose_one
from pages.ui.common.focus import arrived, await_parts
from pages.ui.common.i18n import _, number, percent
from pages.ui.common.jobs import is_running, job_of
from pages.ui.common.messages import kept_photos_note, show_missing, uploader_note
from pages.ui.common.owner import owner
from pages.ui.common.photo import IMAGE_TYPES
from pages.ui.common.reliability import reliability_view
from pages.ui.common.uploads import let_go, store_folder, store_zip, upload_mb
from pages.ui.live_prediction.asking import answer_so_far, ask_many, rejected_list
from pages.ui.live_prediction.batch_table import batch_table
from pages.ui.live_prediction.question import Photo
from pages.ui.live_prediction.state import BATCH, BATCH_KIND, BATCH_OPENED, BATCH_PHOTOS, BATCHES_TAKEN
from pages.ui.live_prediction.words import network_key, words_of
from tlcore.datasets.photo_files import MOST_PHOTOS
from tlcore.engine.tasks.batch import BatchAnswer, seen_photo
from tlcore.errors import TransferLearningError
from tlcore.store import OwnerStore


def batch_view(model: str | None) -> Photo | None:
    """The box for the files, and what the network says of what was in it; the photo that was opened in the table."""
    kinds = {"zip": _("A ZIP"), "folder": _("A folder")}
    kind = choose_one(_("How you bring them"), kinds, BATCH_KIND)
    key = f"live_prediction.batch.{kind}.{BATCHES_TAKEN.get()}"
    if kind == "zip":
        file = st.file_uploader(_("ZIP file"), type=["zip"], key=key, max_upload_size=upload_mb())
        files: list[UploadedFile] = [file] if file else []
    else:
        files = (
            st.file_uploader(
                _("Folder"),
                type=IMAGE_TYPES,
                accept_multiple_files="directory",
                key=key,
                max_upload_size=upload_mb(),
            )
            or []
        )
    uploader_note()
    st.caption(
        _(
            "At most {most} photos. Where they lie in folders that are called like the classes, the page also says how "
            "often the network was right."
        ).format(most=number(MOST_PHOTOS))
    )
    kept_photos_note()
    _ask_button(model, kind, files)
    answer = answer_so_far(BATCH_PHOTOS)
    if answer is None:
        return None
    _answer(answer, model)
    return _opened_photo(answer)


def _opened_photo(answer: BatchAnswer) -> Photo | None:
    opened = BATCH_OPENED.get()
    if opened is None or opened[0] != answer.item:
        return None
    item, place = opened
    photo = answer.photos[place]
    try:
        data = seen_photo(OwnerStore(owner()), item, place)
    except TransferLearningError:  # expired, or deleted on the page of the images
        st.info(_("What the network saw of these photos is deleted. Bring them again to open one."))
        return None
    words = words_of(answer.network)
    return Photo(data, photo.name, words[photo.label] if words and photo.label is not None else None)


def _ask_button(model: str | None, kind: str, files: Sequence[UploadedFile]) -> None:
    missing = []
    if model is None:
        missing.append(_("No network can answer yet: no trained base is on this machine."))
    if not files and job_of(BATCH_PHOTOS.job) is None:
        missing.append(_("Choose the photos first."))
    blocked = show_missing(missing) or not files
    pressed = st.button(
        _("Look at all of them"),
        type="primary",
        icon=":material/photo_library:",
        disabled=blocked or is_running(job_of(BATCH_PHOTOS.job)),
        key="live_prediction.batch.ask",
    )
    if pressed and model is not None and files and ask_many(BATCH_PHOTOS, model, _packer(kind, files), keep=True):
        BATCHES_TAKEN.set(BATCHES_TAKEN.get() + 1)
        let_go(files)
        await_parts(BATCH)
        st.rerun()


def _packer(kind: str, files: Sequence[UploadedFile]) -> Callable[[], str]:
    if kind == "zip":
        return partial(store_zip, files[0].name, files[0].getvalue())
    return partial(store_folder, [(file.name, file.getvalue()) for file in files])


def _answer(answer: BatchAnswer, model: str | None) -> None:
    with st.container(key=BATCH):
        arrived(BATCH)
        st.header(_("What it says of your photos"), anchor=False)
        if network_key(answer.network) != model:
            st.info(_("Answered by the network that was chosen then."), icon=":material/history:")
        words = words_of(answer.network)
        cell = _measured(answer, words) if words else None
        batch_table(answer, words, cell)
        rejected_list(answer.rejected)


def _measured(answer: BatchAnswer, words: list[str]) -> tuple[int, int] | None:
    """How often it was right, where that is known; returns the cell of the matrix that was clicked."""
    metrics = answer.metrics
    if metrics is None:
        st.caption(_("No folder is called like a class, so nothing says how often the network was right."))
        return None
    interval = metrics.wilson_interval
    count = sum(map(sum, metrics.confusion_matrix))
    with st.container(horizontal=True, gap="medium"):
        st.metric(_("Right"), percent(metrics.accuracy), width="content")
        st.metric(_("Balanced accuracy"), percent(metrics.balanced_accuracy), width="content")
        st.metric(_("Photos whose class is known"), number(count), width="content")
    st.caption(
        _("With other photos of the same kind, the share would mostly lie between {low} and {high}.").format(
            low=percent(interval.low), high=percent(interval.high)
        )
    )
    left, right = st.columns(2, gap="medium")
    with left:
        event = confusion_matrix(metrics.confusion_matrix, words, key="live_prediction-batch-matrix", tested=False)
    with right:
        if metrics.calibration is not None:
            reliability_view(metrics, metrics.calibration, key="live_prediction-batch-reliability")
    points = event["selection"]["points"] if event else []
    clicked = str(points[0]["customdata"][0]) if points and points[0].get("customdata") else ""
    if not clicked:
        return None
    true, said = map(int, clicked.split("-"))
    return true, said
