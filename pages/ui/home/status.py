"""What this machine has: base weights and the engine, in words."""

from __future__ import annotations

import os

import psutil
import streamlit as st

from pages.ui.common.i18n import _, amount_of_bytes, number
from pages.ui.common.messages import error_text
from tlcore.engine import EngineStatus, get_engine


def engine_status() -> None:
    """State of the workers; looks again by itself while that may change, so that "starting" does not stay."""
    drawn = _look_again_s(get_engine().status())

    @st.fragment(run_every=drawn)
    def look() -> None:
        status = get_engine().status()
        _draw(status)
        if _look_again_s(status) != drawn:
            st.rerun()

    look()


def _look_again_s(status: EngineStatus) -> float | None:
    if status.state in ("starting", "restarting"):
        return 3.0
    return 15.0 if status.running or status.queued else None


def _draw(status: EngineStatus) -> None:
    sentences = {
        "stopped": (":material/pause_circle:", _("The engine has not started yet; the first job starts it.")),
        "starting": (
            ":material/hourglass_top:",
            _("The engine is starting (workers load TensorFlow). You can read on."),
        ),
        "ready": (":material/check_circle:", _("The engine is ready.")),
        "restarting": (":material/restart_alt:", _("A worker was lost and is coming back by itself.")),
        "failed": (":material/error:", _("The engine could not start. The next job tries again.")),
    }
    icon, sentence = sentences[status.state]
    st.markdown(f"{icon} {sentence}")
    cores, memory = os.cpu_count() or 1, psutil.virtual_memory().total
    st.caption(
        _("This machine: {cores} processor cores, {memory} of memory.").format(
            cores=number(cores), memory=amount_of_bytes(memory)
        )
    )
    st.caption(_("Running now: {running}. Waiting: {queued}.").format(running=status.running, queued=status.queued))
    if status.error is not None:
        (st.error if status.state == "failed" else st.warning)(error_text(status.error))
