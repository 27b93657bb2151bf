"""How the server is, for who leads a class: who is there, what runs, how much memory and disk there is."""

from __future__ import annotations

import shutil

import psutil
import streamlit as st

from pages.ui.classroom.state import SERVER_SHOWN
from pages.ui.common.i18n import _, amount_of_bytes, number
from pages.ui.common.messages import error_text
from pages.ui.common.presence import people_here
from tlcore.engine import get_engine
from tlcore.engine.watching import EngineReport, RunningJob
from tlcore.settings import get_settings

_LOOK_S, _FRESH_S = 5.0, 2.0
_SILENT_S = 10.0


def server_section() -> None:
    """Nothing but a switch, until it is turned on: looking costs the server a little."""
    if not st.toggle(_("How the server is"), key=SERVER_SHOWN.widget()):
        return

    @st.fragment(run_every=_LOOK_S)
    def look() -> None:
        report = _report()
        _counts(report)
        _workers(report)
        for job in report.jobs:
            st.markdown(f":material/play_circle: {_in_words(job)}")
        st.caption(_room_line())

    look()


@st.cache_data(ttl=_FRESH_S, show_spinner=False)
def _report() -> EngineReport:
    return get_engine().report()


def _counts(report: EngineReport) -> None:
    counts = (
        (_("people, of the last 5 minutes"), people_here()),
        (_("jobs running"), sum(report.running.values())),
        (_("jobs waiting"), sum(report.queued.values())),
        (_("workers"), len(report.workers)),
    )
    for column, (title, count) in zip(st.columns(len(counts)), counts, strict=True):
        column.metric(title, number(count))


def _workers(report: EngineReport) -> None:
    if report.status.state != "ready":
        st.warning(_("The workers are not ready: what is asked for now waits."), icon=":material/hourglass_top:")
    if report.status.error is not None:
        st.warning(error_text(report.status.error))
    silent = sum(worker.silent_s > _SILENT_S for worker in report.workers)
    if silent:
        text = _("{count} of the workers have said nothing for a while: they are very busy, or stuck.")
        st.warning(text.format(count=number(silent)), icon=":material/heart_broken:")


def _in_words(job: RunningJob) -> str:
    text = _("A training or experiment, for {seconds} s") if job.kind == "training" else _("An answer, for {seconds} s")
    return text.format(seconds=number(job.seconds))


def _room_line() -> str:
    """Memory and disk, of this machine."""
    home = get_settings().home.absolute()
    folder = next(place for place in (home, *home.parents) if place.is_dir())  # the first upload makes the home
    memory, disk = psutil.virtual_memory(), shutil.disk_usage(folder)
    return _("Free on the machine of this page: {memory} of {all_memory} memory, {disk} of {all_disk} disk.").format(
        memory=amount_of_bytes(memory.available),
        all_memory=amount_of_bytes(memory.total),
        disk=amount_of_bytes(disk.free),
        all_disk=amount_of_bytes(disk.total),
    )
