"""Running an experiment: start, live progress, cancel; and which result is on the screen."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.i18n import _, number
from pages.ui.common.jobs import in_a_crowd_s, pace_at
from pages.ui.common.messages import show_error, tag
from pages.ui.common.owner import owner
from pages.ui.common.waiting import waiting_text
from pages.ui.experiments.kept_runs import remember_sweep, sweep_of
from pages.ui.experiments.result import show_result
from tlcore.datasets import get_dataset_spec
from tlcore.engine import get_engine
from tlcore.experiments import ExperimentSettings, ExperimentSpec
from tlcore.experiments.measuring.precomputed import load_precomputed
from tlcore.experiments.measuring.sweep import Sweep

POLL_S = 1.0  # at first; later more seldom, as every job


def run_buttons(spec: ExperimentSpec, settings: ExperimentSettings, *, usable: bool) -> None:
    """Measure, or measure again what was measured before."""
    sweep = sweep_of(spec)
    busy = sweep is not None and sweep.state == "running"
    cells = len(spec.grid(settings))
    left, right = st.columns(2)
    left.button(
        _("Measure it here ({count} small jobs)").format(count=number(cells)),
        type="primary",
        icon=":material/science:",
        disabled=busy or not usable,
        key=f"experiments.{spec.name}.run",
        on_click=_start,
        args=(spec, settings, False),
    )
    right.button(
        _("Measure again here"),
        icon=":material/restart_alt:",
        disabled=busy or not usable,
        key=f"experiments.{spec.name}.again",
        help=_("Also what was measured on this machine before, instead of recalling it."),
        on_click=_start,
        args=(spec, settings, True),
    )


def _start(spec: ExperimentSpec, settings: ExperimentSettings, again: bool) -> None:
    """Callback: runs before the page is drawn, so the click survives whatever makes the page start over."""
    sweep = Sweep(get_engine(), owner(), spec.name, settings, again=again)
    remember_sweep(spec, sweep)
    sweep.advance()


def progress_section(spec: ExperimentSpec, *, revealed: bool) -> None:
    """Live progress of this browser's run, with a button to cancel; looks again until it ends, and says how it ended.

    The chart grows with it only if it is `revealed`: it would spoil the guess.
    """
    sweep = sweep_of(spec)
    if sweep is None or sweep.state != "running":
        _ended_early(sweep)
        return

    drawn = pace_at(sweep.age_s)

    @st.fragment(run_every=in_a_crowd_s(POLL_S * drawn, get_engine().status().queued))
    def poll() -> None:
        sweep.advance()
        _draw_progress(spec, sweep, revealed)
        if sweep.state != "running" or pace_at(sweep.age_s) != drawn:
            st.rerun()

    poll()


def interrupted_note(spec: ExperimentSpec, settings: ExperimentSettings) -> None:
    """Said where a run with these settings has not come to its end, before a restart for example: cells are kept."""
    if sweep_of(spec) is not None:
        return
    kept = Sweep(get_engine(), owner(), spec.name, settings)
    if 0 < kept.done < len(kept.cells):
        st.info(
            _(
                "{done} of {total} measurements with these settings are made here already, by a run that has not "
                "ended. To measure goes on from there."
            ).format(done=number(kept.done), total=number(len(kept.cells))),
            icon=":material/running_with_errors:",
        )


def _ended_early(sweep: Sweep | None) -> None:
    """Why a run has no result, or not all of it; said also to those who have not seen any result yet."""
    if sweep is not None and sweep.error is not None:
        show_error(sweep.error)
    if sweep is not None and sweep.state == "cancelled":
        st.info(_("Cancelled. What had been measured is kept, so the next run goes on from there."))


def _draw_progress(spec: ExperimentSpec, sweep: Sweep, revealed: bool) -> None:
    total = len(sweep.cells)
    text = _("{done} of {total} measurements done").format(done=number(sweep.done), total=number(total))
    st.progress(sweep.done / total, text=f"{text}{_time_left(sweep)}")
    _draw_running(sweep)
    st.button(_("Cancel"), key=f"experiments.{spec.name}.cancel", icon=":material/stop_circle:", on_click=sweep.cancel)
    result = sweep.result()
    if revealed and result is not None:
        show_result(spec, result, key="live", first_chart_only=True)


def _draw_running(sweep: Sweep) -> None:
    """What the workers do at this moment: an epoch, or somebody else's work."""
    views = sweep.unfinished
    if views and all(view.state == "queued" for view in views):
        st.caption(waiting_text(views[0]))
    steps = [event for view in views for event in view.events if event.get("kind") in ("epoch", "progress")]
    if steps and "epoch" in steps[-1]:
        st.caption(_("The one that runs is in epoch {epoch}.").format(epoch=number(steps[-1]["epoch"])))


def _time_left(sweep: Sweep) -> str:
    fresh = sweep.done - sweep.recalled
    if not fresh:
        return ""
    at_once = max(1, sum(view.state == "running" for view in sweep.unfinished))
    left = sweep.seconds_measured / fresh * (len(sweep.cells) - sweep.done) / at_once
    return " · " + _("about {seconds} s left").format(seconds=number(left))


def result_section(spec: ExperimentSpec, settings: ExperimentSettings) -> None:
    """The result of this session's run, else what was measured on this machine, else what ships."""
    sweep = sweep_of(spec) or _measured_before(spec, settings)
    if sweep is not None and sweep.state == "running":
        return
    result = sweep.result() if sweep is not None else None
    if sweep is not None and result is not None:
        st.markdown(_measured_tag(sweep) + _stale(sweep.settings, settings))
        show_result(spec, result, key="measured")
    else:
        _precomputed(spec, settings)


def _measured_before(spec: ExperimentSpec, settings: ExperimentSettings) -> Sweep | None:
    """A run that is complete without measuring anything, because this machine has all of it."""
    sweep = Sweep(get_engine(), owner(), spec.name, settings)
    return sweep if sweep.state == "done" else None


def _measured_tag(sweep: Sweep) -> str:
    seconds = _("{seconds} s of measuring").format(seconds=number(sweep.seconds))
    recalled = _("{count} of {total} recalled from this machine").format(
        count=number(sweep.recalled), total=number(sweep.done)
    )
    return f"{tag('measured')} {seconds}" + (f" · {recalled}" if sweep.recalled else "")


def _stale(measured: ExperimentSettings, chosen: ExperimentSettings) -> str:
    if measured == chosen:
        return ""
    return " :orange-badge[:material/history: " + _("stale: settings have changed since") + "]"


def _images_of(spec: ExperimentSpec, settings: ExperimentSettings) -> str:
    if not spec.needs_images:
        return ""
    title = _(get_dataset_spec(settings.dataset).title)
    return " " + _("{count} images of “{name}”").format(count=number(settings.num_images), name=title)


def _precomputed(spec: ExperimentSpec, settings: ExperimentSettings) -> None:
    shipped = load_precomputed(spec.name, settings.dataset) or load_precomputed(spec.name)
    if shipped is None:
        st.caption(_("Nothing has been measured with these settings yet, and no result of this experiment ships."))
        return
    machine = f"{shipped.machine['processor']} ({shipped.machine['cores']})"
    st.markdown(
        tag("precomputed", shipped.date) + _images_of(spec, shipped.settings) + _stale(shipped.settings, settings)
    )
    st.caption(
        _("Made by `{command}` on {machine}, in {seconds} s. Press the button above to measure it here.").format(
            command=shipped.command, machine=machine, seconds=number(shipped.seconds)
        )
    )
    show_result(spec, shipped.result(), key="precomputed")
