"""A run while it goes on: a large epoch counter, curves, and what happens to each layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from pages.ui.common.i18n import _, number, percent
from pages.ui.common.jobs import has_event, is_running, notes, watch
from pages.ui.common.messages import notice
from pages.ui.fine_tuning.curves import phase_title
from pages.ui.fine_tuning.job import asked_spec, rows_of
from pages.ui.fine_tuning.state import JOB, STAGE
from pages.ui.fine_tuning.story import run_figure
from tlcore.engine import JobView
from tlcore.engine.tasks.trained_run import Row

_MOST_POINTS = 150
_POINTS = ("epoch", "batch")  # kinds of events that the curves are drawn from
_LOOK_S, _EAGER_LOOK_S = 1.5, 0.3


def watch_training() -> JobView | None:
    """Draws the run until it ends; returns it as the rest of the page is to show it.

    Looks often until there is a point, and then no oftener than charts can be drawn.
    """
    STAGE.set(None)
    view = watch(JOB, draw_run, poll_s=_look_s, telling=(*_POINTS, "progress"))
    if view is not None:
        STAGE.set(_stage(view))
    return view


def _look_s(view: JobView) -> float:
    return _LOOK_S if has_event(view, _POINTS) else _EAGER_LOOK_S


def draw_run(view: JobView) -> None:
    """Everything that the events of a training job say; called again and again until it ends."""
    rows, batches = rows_of(view), _batches(view)
    if is_running(view):
        _extraction(view)
    if rows or batches:
        _numbers(view, rows, batches)
        layers = _layers(view)
        run_figure(rows, batches, layers, key=f"fine_tuning-live-{view.job_id}")
        if layers is not None:
            _what_to_notice()
    elif is_running(view) and view.state == "running":
        st.progress(0.0, text=_("Building the network…"))
    if view.result is None:  # afterwards they stand below the result
        notes(view)
    _redraw_steps(view)


def _redraw_steps(view: JobView) -> None:
    """The steps are outside what is drawn again by itself: a new step draws the whole page.

    So does the first point: from that on, looks are less often.
    """
    drawn = STAGE.get()
    if drawn is not None and is_running(view) and _stage(view) != drawn:
        st.rerun()


def _stage(view: JobView) -> tuple[int, bool]:
    return sum(event.get("kind") == "phase" for event in view.events), has_event(view, _POINTS)


def _batches(view: JobView) -> list[Row]:
    """Evenly thinned out: a curve has only so many pixels, and each look draws it anew."""
    batches = [event for event in view.events if event.get("kind") == "batch"]
    step = max(1, -(-len(batches) // _MOST_POINTS))
    return batches[::-step][::-1]  # the latest one is always there


def _extraction(view: JobView) -> None:
    """How far the base has come with the images, while it is at it."""
    telling = [event for event in view.events if event.get("kind") in ("progress", "phase", "batch", "epoch")]
    if not telling or telling[-1].get("phase") != "extraction":
        return
    last = telling[-1]
    done, total = int(last.get("done", 0)), max(1, int(last.get("total", 1)))
    text = _("The base runs once over the images: {done} of {total}").format(done=number(done), total=number(total))
    st.progress(min(1.0, done / total), text=text)


def _numbers(view: JobView, rows: Sequence[Row], batches: list[Row]) -> None:
    epoch = rows[-1]["epoch"] if rows else 0
    present = max(epoch, batches[-1]["epoch"] if batches and is_running(view) else 0)
    phase = _last(view, "phase") or (rows[-1] if rows else {})
    with st.container(horizontal=True, gap="medium", key="fine_tuning-numbers"):
        st.metric(_("Epoch"), f"{number(present)} / {number(_planned(rows))}", width="content")
        if rows:
            st.metric(_("Training accuracy"), percent(rows[-1]["accuracy"]), width="content")
            st.metric(_("Validation accuracy"), percent(rows[-1]["val_accuracy"]), width="content")
        if is_running(view):
            if rows and epoch >= _planned(rows):
                st.metric(_("Now"), _("the test, on other images"), width="content")
                return
            st.metric(_("Now"), phase_title(str(phase.get("phase", ""))), width="content")
            left_s = _left_s(view, rows, batches)
            if left_s is not None:
                st.metric(_("Time left in this step"), _("{seconds} s").format(seconds=number(left_s)), width="content")


def _planned(rows: Sequence[Row]) -> int:
    """Epochs of the whole run, as far as is known."""
    spec = asked_spec()
    return len(rows) if spec is None else max(len(rows), spec.total_epochs)


def _left_s(view: JobView, rows: Sequence[Row], batches: list[Row]) -> float | None:
    """Seconds to the end of this phase, from its own speed so far."""
    phase = _last(view, "phase")
    if phase is None or "epochs" not in phase:
        return None
    own = [row for row in rows if row["phase"] == phase["phase"]]
    remaining = phase["epochs"] - len(own)
    if own:
        return float(remaining * own[-1]["seconds"])
    current = [event for event in batches if event["phase"] == phase["phase"]]
    if not current:
        return None
    share = current[-1]["batch"] / current[-1]["batches"]
    return float((current[-1]["time_s"] - phase["time_s"]) * (remaining - share) / max(share, 1e-6))


def _layers(view: JobView) -> Mapping[str, Any] | None:
    """Gradient norms and drift as of the last event that has them."""
    row: Mapping[str, Any] | None = _last(view, "epoch")
    if row is None and view.result is not None and view.result.layer_history:
        row = view.result.layer_history[-1]
    return row


def _what_to_notice() -> None:
    notice(
        _(
            "Frozen layers have a drift of exactly 0. In fine-tuning, the unfrozen ones move by a few percent at most; "
            "unfrozen too early, or at too large a rate, they move far, and lose what they had learned."
        )
    )


def _last(view: JobView, kind: str) -> Row | None:
    return next((event for event in reversed(view.events) if event.get("kind") == kind), None)
