"""All of a run as one ZIP that needs nothing of this program."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.i18n import _, language
from pages.ui.common.jobs import is_running, job_of, progress_bar, start, watch
from pages.ui.common.stored_file import download_stored
from pages.ui.fine_tuning.state import PACK_JOB, WITH_IMAGES
from tlcore.engine import JobView
from tlcore.engine.tasks.packing import PackedRun
from tlcore.engine.tasks.trained_run import TrainedRun


def take_home_control(run: TrainedRun) -> None:
    """The choice whether the images go along, and the button; a worker packs."""
    with st.container(horizontal=True, vertical_alignment="center", key="fine_tuning-take-home"):
        st.button(
            _("Pack all of it as one ZIP"),
            key="fine_tuning.pack",
            icon=":material/home:",
            disabled=is_running(job_of(PACK_JOB)),
            on_click=_pack,
            args=(run,),
        )
        here = run.data is not None
        st.checkbox(
            _("with its images"),
            key=WITH_IMAGES.widget(),
            disabled=not here,
            help=None if here else _("The images of this run are not here."),
            persist_state="session",
        )
    st.caption(
        _(
            "A notebook and a script in plain Keras that repeat the run anywhere, the trained network, the images in "
            "folders, a model card. Nothing in it needs this laboratory."
        )
    )
    watch(PACK_JOB, lambda view: _packed(view, run))


def _pack(run: TrainedRun) -> None:
    """Callback: a worker writes the file."""
    with_images = bool(WITH_IMAGES.get()) and run.data is not None
    start(PACK_JOB, "pack_run", {"run_id": run.run_id, "with_images": with_images, "language": language()})


def _packed(view: JobView, run: TrainedRun) -> None:
    if is_running(view):
        progress_bar(view)
    packed: PackedRun | None = view.result
    if packed is not None and packed.run_id == run.run_id:
        download_stored("runs", run.run_id, packed.file)
