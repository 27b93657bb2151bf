"""A trained network as one HTML page, to be sent to anybody: it opens without a connection and needs nothing."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.ui.common.class_words import task_word
from pages.ui.common.i18n import _, language, translations_of
from pages.ui.common.in_browser.files import runtime_folder
from pages.ui.common.jobs import is_running, job_of, progress_bar, start, watch
from pages.ui.common.messages import show_error
from pages.ui.common.owner import owner
from pages.ui.common.unsaved import mark_saved, tell_saved
from pages.ui.fine_tuning.state import PAGE_JOB
from tlcore.engine import JobView
from tlcore.engine.tasks.networks import ExportedModel
from tlcore.engine.tasks.trained_run import TrainedRun
from tlcore.errors import TransferLearningError
from tlcore.export.single_file import single_file
from tlcore.store import OwnerStore


def single_page_control(run: TrainedRun) -> None:
    """The button, and the page once its network is written."""
    runtime = runtime_folder()
    st.button(
        _("Make one page for any browser (HTML)"),
        key="fine_tuning.page",
        icon=":material/html:",
        disabled=runtime is None or is_running(job_of(PAGE_JOB)),
        on_click=_make,
        args=(run.run_id,),
        help=None
        if runtime is not None
        else _("What runs in a browser could not be built on this server: it had no connection when it was installed."),
    )
    st.caption(
        _(
            "One file to send to anybody: it opens without a connection, on a phone too, and says what a photo shows, "
            "or what its camera sees. The network is inside, and no picture leaves the device."
        )
    )
    if runtime is not None:
        watch(PAGE_JOB, lambda view: _made(view, run, runtime))


def _make(run_id: str) -> None:
    """Callback: a worker writes the network."""
    start(PAGE_JOB, "export_for_page", {"run_id": run_id})


def _made(view: JobView, run: TrainedRun, runtime: Path) -> None:
    if is_running(view):
        progress_bar(view)
    exported: ExportedModel | None = view.result
    if exported is None or exported.run_id != run.run_id:
        return
    try:
        network = OwnerStore(owner()).file("runs", run.run_id, exported.file)
    except TransferLearningError as error:
        show_error(error)
        return
    chosen, names = language(), [task_word(title) for title in run.class_titles]
    translate = translations_of(chosen).gettext  # the page is put together at the click, where there is no session
    st.download_button(
        _("Download the page"),
        lambda: single_file(network.read(), names, runtime, language=chosen, translate=translate),
        "network.html",
        "text/html",
        icon=":material/download:",
        on_click=mark_saved,
        args=(run.run_id,),
    )
    tell_saved(run.run_id)
