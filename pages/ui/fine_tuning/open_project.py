"""A project file that somebody brings back: its run is listed with the others."""

from __future__ import annotations

import streamlit as st
from streamlit.typing import UploadedFile

from pages.ui.common.focus import await_parts
from pages.ui.common.i18n import _, as_plain_text
from pages.ui.common.jobs import is_running, job_of, progress_bar, start, watch
from pages.ui.common.messages import show_error, uploader_note
from pages.ui.common.owner import owner
from pages.ui.common.state import DATASETS_CHOSEN, DATASETS_JOB
from pages.ui.common.unsaved import mark_saved
from pages.ui.common.uploads import let_go, store_zip, upload_mb
from pages.ui.fine_tuning.settings import take_up_settings
from pages.ui.fine_tuning.state import ASKED, JOB, OPEN_JOB, OPENED, RESULT, TAKEN_UP, AskedRun
from tlcore.engine import JobView
from tlcore.engine.tasks.trained_run import TrainedRun, kept_run
from tlcore.errors import TransferLearningError
from tlcore.store import OwnerStore


def open_project_section() -> None:
    """The box for the file, and after it the ways on with its network."""
    view = job_of(OPEN_JOB)
    with st.expander(
        ":material/folder_open: " + _("Open a project file"),
        expanded=is_running(view) or (view is not None and view.state == "failed"),
    ):
        st.caption(
            _(
                "A run that was saved here or elsewhere: its network says again exactly what it said, and stands with "
                "your runs. The file holds numbers only, nothing that could run, so any may be opened."
            )
        )
        uploader_note()
        file = st.file_uploader(
            _("Project file"), type=["zip"], key=f"fine_tuning.project.{OPENED.get()}", max_upload_size=upload_mb()
        )
        pressed = st.button(
            _("Open it"),
            icon=":material/folder_open:",
            key="fine_tuning.open",
            disabled=file is None or is_running(view),
        )
        if pressed and file is not None:
            _open(file)
        watch(OPEN_JOB, _opening)
    if _is_to_be_taken_up(job_of(OPEN_JOB)):  # read while this run drew what stands above
        st.rerun()


def _open(file: UploadedFile) -> None:
    """Takes the upload, and the box for the next one."""
    if open_project_file(file.name, file.getvalue()):
        OPENED.set(OPENED.get() + 1)
        let_go([file])
        st.rerun()


def open_project_file(name: str, content: bytes) -> bool:
    """Keeps a project file and starts reading it; a refusal is shown as its sentence. Whether that was possible."""
    chosen = DATASETS_CHOSEN.get()
    try:
        item = store_zip(name, content)
    except TransferLearningError as error:
        show_error(error)
        return False
    return start(OPEN_JOB, "open_project", {"item": item, "data": None if chosen is None else chosen.reference})


def take_up_opened_run() -> None:
    """Before the widgets: a project that was opened just now becomes the run of the page, unless one is being trained.

    Once for each; whatever the page showed before stands in the table.
    """
    opened, shown = job_of(OPEN_JOB), job_of(JOB)
    if opened is None or not _is_to_be_taken_up(opened):
        return
    TAKEN_UP.set(opened.job_id)
    mark_saved(opened.result.run_id)  # its person has the file
    if is_running(shown) or (shown is not None and shown.submitted_s > opened.submitted_s):
        return
    run: TrainedRun = opened.result
    JOB.set(opened.job_id)
    ASKED.set(AskedRun(run.spec, run.data))
    take_up_settings(run.spec)
    if run.data is not None and DATASETS_CHOSEN.get() is None:
        start(DATASETS_JOB, "preview_dataset", {"data": run.data})
    await_parts(RESULT)


def _is_to_be_taken_up(opened: JobView | None) -> bool:
    return opened is not None and opened.result is not None and opened.job_id not in (TAKEN_UP.get(), JOB.get())


def _opening(view: JobView) -> None:
    if view.result is None:
        progress_bar(view)
        return
    run: TrainedRun = view.result
    try:
        kept = kept_run(OwnerStore(owner()), run.run_id)
    except TransferLearningError:  # deleted meanwhile
        return
    if kept is None:
        return
    st.success(_("“{name}” is open; it stands in the table.").format(name=as_plain_text(kept.title)))
    if not run.can_go_on:
        st.caption(
            ":material/info: "
            + _(
                "Its images are not here, so it can be asked and taken along, but not trained on. For that, choose its "
                "images on the page Datasets first, then open the file again."
            )
        )
