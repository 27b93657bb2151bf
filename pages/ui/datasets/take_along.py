"""The chosen images as a ZIP, with all that their person has changed."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.i18n import _
from pages.ui.common.jobs import is_running, job_of, progress_bar, start, watch
from pages.ui.common.stored_file import download_stored
from pages.ui.datasets.state import PACK_JOB
from tlcore.engine import JobView
from tlcore.engine.tasks.datasets import DatasetPreview
from tlcore.engine.tasks.packing import PackedImages


def take_along(data: DatasetPreview) -> None:
    """The button, and the file once it is written."""
    st.button(
        _("Pack these images as a ZIP"),
        icon=":material/folder_zip:",
        key="datasets.pack",
        disabled=is_running(job_of(PACK_JOB)),
        on_click=_pack,
        args=(data,),
        help=_(
            "As they are now, your changes included: a folder for each part of the split, in it one for each class. "
            "The code below reads the unpacked folder, and this page takes the ZIP again."
        ),
    )
    watch(PACK_JOB, lambda view: _packed(view, data))


def _pack(data: DatasetPreview) -> None:
    start(PACK_JOB, "pack_images", {"data": data.reference})


def _packed(view: JobView, data: DatasetPreview) -> None:
    if is_running(view):
        progress_bar(view)
    packed: PackedImages | None = view.result
    if packed is not None and packed.data == data.reference:
        download_stored("uploads", packed.item, packed.file)
