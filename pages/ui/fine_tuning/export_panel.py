"""What one takes along of a trained network: a project, a notebook, a file in another format."""

from __future__ import annotations

import time

import streamlit as st

from pages.ui.common.i18n import _, language, number
from pages.ui.common.jobs import is_running, job_of, start, watch
from pages.ui.common.keras_code import image_source
from pages.ui.common.messages import show_error
from pages.ui.common.owner import owner
from pages.ui.common.stored_file import download_stored
from pages.ui.common.unsaved import mark_saved, unsaved_line
from pages.ui.fine_tuning.agreement_view import agreement_section
from pages.ui.fine_tuning.kept_in_browser import keep_button
from pages.ui.fine_tuning.litert_sizes import prepare_button, sizes_view
from pages.ui.fine_tuning.single_page import single_page_control
from pages.ui.fine_tuning.state import EXPORT_JOB, FORMAT
from pages.ui.fine_tuning.take_home import take_home_control
from tlcore.engine import JobView
from tlcore.engine.tasks.networks import ExportedModel
from tlcore.engine.tasks.trained_run import TrainedRun, project_file, project_summary
from tlcore.errors import TransferLearningError
from tlcore.export import get_format, list_formats, notebook_text
from tlcore.projects import PROJECT_FILE
from tlcore.store import OwnerStore

LITERT = "tflite"  # the format that comes in several sizes


def export_panel(run: TrainedRun) -> None:
    """Downloads of a finished run."""
    st.markdown("**" + _("Take this network along") + "**")
    unsaved_line(run.run_id)
    _keep_in_browser(run)
    with st.container(horizontal=True):
        _project_and_notebook(run)
    take_home_control(run)
    single_page_control(run)
    _export_control(run)
    agreement_section(run)


def _export_control(run: TrainedRun) -> None:
    """The whole network in a format of one's choice: written by a worker, then downloaded."""
    titles = {name: get_format(name).title for name in list_formats()}
    with st.container(horizontal=True, vertical_alignment="bottom", key="fine_tuning-export"):
        chosen = st.selectbox(
            _("The whole network as a file"),
            list(titles),
            format_func=titles.__getitem__,
            key=FORMAT.widget(titles),
            width=280,
        )
        if chosen == LITERT:
            prepare_button(run)
        else:
            _prepare_one(run, chosen)
    st.caption(_(get_format(chosen).description))
    if chosen == LITERT:
        sizes_view(run)
    else:
        watch(EXPORT_JOB, lambda view: _model_file(view, run, chosen))


def _prepare_one(run: TrainedRun, chosen: str) -> None:
    st.button(
        _("Prepare the file"),
        key="fine_tuning.export",
        icon=":material/deployed_code:",
        disabled=is_running(job_of(EXPORT_JOB)),
        on_click=_export,
        args=(run.run_id, chosen),
    )


def _export(run_id: str, chosen: str) -> None:
    """Callback: a worker writes the file."""
    start(EXPORT_JOB, "export", {"run_id": run_id, "format": chosen})


def _keep_in_browser(run: TrainedRun) -> None:
    try:
        store = OwnerStore(owner())
        keep_button(run.run_id, store.item("runs", run.run_id).name, project_file(store, run.run_id))
    except TransferLearningError as error:
        show_error(error)


def _project_and_notebook(run: TrainedRun) -> None:
    try:
        store = OwnerStore(owner())
        project = project_file(store, run.run_id)
        summary = project_summary(store, run.run_id)
        data = image_source(run.data, summary.input_shape[:2])
        notebook = notebook_text(summary, data=data, language=language(), translate=_)
    except TransferLearningError as error:
        show_error(error)
        return
    st.download_button(
        _("Project file"),
        project.read,
        PROJECT_FILE,
        "application/zip",
        icon=":material/folder_zip:",
        on_click=mark_saved,
        args=(run.run_id,),
        help=_("Settings, results and weights; tlcore.load_project opens it, and it is safe to pass on."),
    )
    st.download_button(
        _("Notebook"),
        notebook,
        "fine_tuning.ipynb",
        "application/x-ipynb+json",
        icon=":material/menu_book:",
        on_click="ignore",
        help=_("The whole run as a notebook in the lecture's terms."),
    )


def export_progress(view: JobView, now_s: float) -> tuple[int, int, str]:
    """Step, steps, and what is done now with the time it has taken so far: a large network takes half a minute."""
    last = next((event for event in reversed(view.events) if event.get("kind") == "progress"), None)
    seconds = _("{seconds} s").format(seconds=number(max(0.0, now_s - (view.started_s or now_s))))
    if last is None:
        return 0, 1, _("Starting…") + " " + seconds
    text = _("Step {step} of {steps}: {phase}, {seconds} so far").format(
        step=number(last["done"]), steps=number(last["total"]), phase=_(last["phase"]), seconds=seconds
    )
    return last["done"], last["total"], text


def _model_file(view: JobView, run: TrainedRun, chosen: str) -> None:
    """The file, once it is written."""
    if is_running(view):
        step, total, text = export_progress(view, time.time())
        st.progress((step - 1) / total if step else 0.0, text=text)
    exported: ExportedModel | None = view.result
    if exported is None or (exported.run_id, exported.format) != (run.run_id, chosen):
        return
    download_stored("runs", run.run_id, exported.file)
