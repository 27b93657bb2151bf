"""Work on the engine, seen from a page: start it, watch it, show what came of it.

A page never computes in the script thread: it starts a job, keeps its identifier in the session, and a fragment asks
the engine about it until it ends. After a reload the engine still knows the owner's jobs.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection
from typing import Any

import streamlit as st

from pages.ui.common.i18n import _, number
from pages.ui.common.messages import show_error, translate
from pages.ui.common.owner import owner
from pages.ui.common.state import Key
from pages.ui.common.waiting import waiting_text
from tlcore.engine import JobView, get_engine
from tlcore.errors import TransferLearningError

#: How often a job is looked at: at first as often as a person can follow, later more seldom.
POLL_S = 0.5
_ANSWER_POLL_S = 0.4  # of what is waited for before
_OLD_S, _VERY_OLD_S = 10.0, 60.0  # a job that runs longer than this is looked at half, a quarter as often
_LONGEST_LOOK_S = 3.0
_CROWD = 10  # for each so many jobs that wait, the looks are rarer by once
#: A job that was asked for less than this ago is waited for, so that its first point needs no further look.
FRESH_S = 1.0
#: A worker holds the interpreter for some seconds now and then, while a network is converted for example.
SILENT_FROM_S = 8.0


def start(key: Key[str | None], task: str, arguments: dict[str, Any]) -> bool:
    """Submits a job and remembers it under `key`, also beyond a reload; shows the reason where it is refused."""
    try:
        key.set(get_engine().submit(owner(), task, arguments, tag=key.name))
    except TransferLearningError as error:
        show_error(error)
        return False
    return True


def job_of(key: Key[str | None]) -> JobView | None:
    """The job remembered under `key`, if the engine still knows it."""
    job_id = key.get()
    if job_id is None:
        return None
    try:
        return get_engine().job(job_id, owner())
    except TransferLearningError:
        key.set(None)
        return None


def last_done(key: Key[str | None]) -> JobView | None:
    """The newest job of `key` that came to something, which may not be the newest one."""
    return next((view for view in get_engine().jobs(owner()) if view.tag == key.name and view.state == "done"), None)


def answer_to(
    job: Key[str | None], asked: Key[str], task: str, arguments: dict[str, Any], *, wait_s: float = 0.0
) -> Any:
    """The answer to a question that the page asks by itself, again whenever the question changes.

    Args:
        job, asked: Where the job and the question are remembered.
        task: Of the engine.
        arguments: Of the task; what changes them asks anew, and the job that is no longer wanted is stopped.
        wait_s: How long to wait for the answer right here, which spares a short job two more runs of the page.

    Returns:
        The result; None while it is being made, or where it failed (the page then shows why).
    """
    question = hashlib.sha256(repr((task, sorted(arguments.items()))).encode()).hexdigest()
    unwanted = job_of(job)
    if asked.get() != question or unwanted is None:  # the engine forgets old answers
        if unwanted is not None and is_running(unwanted):
            cancel(unwanted.job_id)
        asked.set(question)
        job.set(None)  # an answer to another question must not stay where this one is refused
        start(job, task, arguments)
        _wait(job, wait_s, lambda view: view.finished)
    view = job_of(job)
    if view is not None and view.state == "done":
        return view.result
    view = watch(job, progress_bar, poll_s=_ANSWER_POLL_S)
    return view.result if view is not None and view.state == "done" else None


def _wait(job: Key[str | None], wait_s: float, condition: Callable[[JobView], bool]) -> JobView | None:
    """Returns when something is true of the job, or the time is over; only this visitor's page stands still meanwhile.

    A job that waits for others is not waited for.
    """
    view = job_of(job)
    if view is None or wait_s <= 0:
        return view
    return get_engine().wait(view.job_id, owner(), lambda view: condition(view) or _has_to_queue(view, wait_s), wait_s)


def _has_to_queue(view: JobView, wait_s: float) -> bool:
    return view.state == "queued" and (view.position > 1 or (view.estimate_s or 0.0) > wait_s)


def has_event(view: JobView, kinds: Collection[str]) -> bool:
    """Whether the job has told anything of one of these kinds."""
    return any(event.get("kind") in kinds for event in view.events)


def is_running(view: JobView | None) -> bool:
    return view is not None and view.state in ("queued", "running")


def watch(
    key: Key[str | None],
    render: Callable[[JobView], None],
    *,
    poll_s: float | Callable[[JobView], float] = POLL_S,
    telling: Collection[str] = ("epoch", "progress"),
) -> JobView | None:
    """Draws the job under `key` again and again until it ends, then runs the page once more.

    Args:
        key: Where `start` put the job.
        render: Draws a job that runs or has run (its events so far); called on the script thread.
        poll_s: Seconds between two looks at a young job that runs, or what says them of the job as it is when the page
            has been drawn.
        telling: Kinds of events that `render` draws; a new job is waited for until it has one.

    Returns:
        The job as it is now; None without one.
    """
    view = job_of(key)
    if view is None:
        return None
    running, fresh_s = is_running(view), FRESH_S - (time.time() - view.submitted_s)
    view = _wait(key, fresh_s, lambda view: view.finished or has_event(view, telling)) or view
    drawn, look_s = pace(view), poll_s(view) if callable(poll_s) else poll_s
    look_s = look_again_s(view, look_s, get_engine().status().queued)

    @st.fragment(run_every=look_s if running else None)
    def poll() -> None:
        now = job_of(key)
        if now is None:
            return
        _show_state(now, key)
        render(now)
        if running and (not is_running(now) or pace(now) != drawn):
            st.rerun()

    poll()
    return view


def pace(view: JobView) -> float:
    """How many times more seldom than a young job that runs: the page is drawn anew where this changes."""
    return 2.0 if view.started_s is None else pace_at(time.time() - view.started_s)


def pace_at(age_s: float) -> float:
    """The same of what has been going on for `age_s`."""
    return 4.0 if age_s > _VERY_OLD_S else 2.0 if age_s > _OLD_S else 1.0


def look_again_s(view: JobView, poll_s: float, queued: int) -> float:
    """Seconds between two looks: one that waits is looked at when its turn should come, all more seldom in a crowd.

    Args:
        view: The job.
        poll_s: Of a young job that runs.
        queued: Jobs that wait, of everybody.
    """
    return min(_LONGEST_LOOK_S, max(in_a_crowd_s(poll_s * pace(view), queued), view.estimate_s or 0.0))


def in_a_crowd_s(look_s: float, queued: int) -> float:
    """Seconds between two looks where `queued` jobs of everybody wait; never so many that a page seems to stand."""
    return min(_LONGEST_LOOK_S, look_s * (1 + queued // _CROWD))


def _show_state(view: JobView, key: Key[str | None]) -> None:
    if view.state == "queued":
        st.info(waiting_text(view), icon=":material/hourglass_top:")
    elif is_running(view) and view.shared:
        st.caption(_("Somebody has asked for the very same; you get it with them."))
    if view.silent_s > SILENT_FROM_S:
        st.warning(
            _(
                "The process that does this has said nothing for {seconds} s: it is very busy, or stuck. “Stop” ends "
                "it in any case."
            ).format(seconds=number(view.silent_s)),
            icon=":material/heart_broken:",
        )
    if is_running(view):
        st.button(
            _("Stopping…") if view.stopping else _("Stop"),
            disabled=view.stopping,
            key=f"{key.name}.stop",
            icon=":material/stop_circle:",
            on_click=cancel,
            args=(view.job_id,),
        )
    if view.state == "failed" and view.error is not None:
        show_error(view.error)
    if view.state == "cancelled" and view.result is None:  # what a stopped run has reached is shown, not mourned
        st.info(_("Stopped. Nothing was lost but this job."), icon=":material/stop_circle:")


def cancel(job_id: str) -> None:
    try:
        get_engine().cancel(job_id, owner())
    except TransferLearningError as error:
        show_error(error)


def progress_bar(view: JobView) -> None:
    """The last "progress" event as a bar with words; nothing before the first."""
    steps = [event for event in view.events if event.get("kind") == "progress"]
    if view.state == "failed":  # a full bar would say that all went well
        return
    if not steps:
        if is_running(view):
            st.progress(0.0, text=_("Starting…"))
        return
    last = steps[-1]
    total = max(1, int(last.get("total") or 1))
    done = min(total, int(last.get("done") or 0))
    text = _("{phase}: {done} of {total}").format(
        phase=_(str(last.get("phase", ""))), done=number(done), total=number(total)
    )
    st.progress(done / total, text=text)


def notes(view: JobView) -> None:
    """Remarks that the job made on its way."""
    for event in view.events:
        if event.get("kind") == "note" and "template" in event:
            st.caption(":material/info: " + translate(event["template"], event.get("params", {})))
