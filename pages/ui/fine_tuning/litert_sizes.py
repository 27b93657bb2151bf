"""A trained network for phones and small boards: three sizes side by side, each with what it loses."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.i18n import _, amount_of_bytes, number, percent
from pages.ui.common.jobs import is_running, job_of, progress_bar, start, watch
from pages.ui.common.messages import tag, takeaway_line
from pages.ui.common.stored_file import download_stored
from pages.ui.fine_tuning.state import LITERT_JOB
from tlcore.engine import JobView
from tlcore.engine.tasks.formats import LiteRTVersions
from tlcore.engine.tasks.trained_run import TrainedRun
from tlcore.export.litert_sizes import LiteRTVersion


def prepare_button(run: TrainedRun) -> None:
    """A worker writes the files and tests them."""
    st.button(
        _("Prepare all sizes"),
        key="fine_tuning.litert",
        icon=":material/deployed_code:",
        disabled=is_running(job_of(LITERT_JOB)),
        on_click=_prepare,
        args=(run.run_id,),
    )


def _prepare(run_id: str) -> None:
    start(LITERT_JOB, "export_litert", {"run_id": run_id})


def sizes_view(run: TrainedRun) -> None:
    """Sizes and accuracies as a table, then the files."""
    watch(LITERT_JOB, lambda view: _sizes(view, run))


def _sizes(view: JobView, run: TrainedRun) -> None:
    if is_running(view):
        progress_bar(view)
    made: LiteRTVersions | None = view.result
    if made is None or made.run_id != run.run_id:
        return
    st.table([_row(version) for version in made.versions], hide_index=True)
    first, last = made.versions[0], made.versions[-1]
    if first.accuracy is not None and last.accuracy is not None:
        text = _(
            "In 8 bits it takes {share} of the size, and {accuracy} of the test images are right instead of {before}."
        )
        takeaway_line(
            text.format(
                share=percent(last.num_bytes / first.num_bytes),
                accuracy=percent(last.accuracy),
                before=percent(first.accuracy),
            )
        )
        st.markdown(tag("measured", _("on the test images of this run")))
    else:
        st.caption(_("For 8 bits, and to test the files, the images of this run are needed; they are not here."))
    with st.container(horizontal=True):
        for version in made.versions:
            download_stored("runs", run.run_id, version.file)


def _row(version: LiteRTVersion) -> dict[str, str]:
    titles = {"float32": "float32", "float16": "float16", "int8": _("8 bits")}
    return {
        _("numbers"): titles[version.precision],
        _("size"): amount_of_bytes(version.num_bytes),
        _("test accuracy"): "–" if version.accuracy is None else percent(version.accuracy),
        _("largest change of a probability"): "–" if version.difference is None else number(version.difference, 4),
    }
