"""Runs of experiments, kept by browser: with the guess that was made, they are found again after a reload."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.owner import owner
from pages.ui.common.remembered import recall, remember
from pages.ui.experiments.state import OWN, guess_key, images_key, revealed_key, setting_key, taken_up_key
from tlcore.experiments import ExperimentSpec
from tlcore.experiments.measuring.sweep import Sweep

#: Runs that are remembered, of all browsers; the oldest goes first.
_KEPT = 200


@st.cache_resource(show_spinner=False)
def _runs() -> dict[tuple[str, str], Sweep]:
    """Runs by browser and experiment. Not in the session, which ends when the page is loaded again: a run does not."""
    return {}


def sweep_of(spec: ExperimentSpec) -> Sweep | None:
    """The run of this experiment in this browser."""
    return _runs().get((owner(), spec.name))


def remember_sweep(spec: ExperimentSpec, sweep: Sweep) -> None:
    """Keeps the run, also beyond this session."""
    runs = _runs()
    runs.pop((owner(), spec.name), None)
    runs[(owner(), spec.name)] = sweep
    for oldest in list(runs)[:-_KEPT]:
        runs.pop(oldest, None)


def remember_guess(spec: ExperimentSpec) -> None:
    """Keeps the guess, also where nothing was run yet."""
    remember(guess_key(spec))
    remember(revealed_key(spec))


def take_up_run(spec: ExperimentSpec) -> None:
    """Puts the widgets of a new session to this browser's guess, and to what its run was started with."""
    recall(guess_key(spec))
    recall(revealed_key(spec))
    seen = taken_up_key(spec)
    run = None if seen.get() else sweep_of(spec)
    seen.set(True)
    if run is None:
        return
    settings = run.settings
    for name in spec.uses:
        setting_key(spec, name).set(getattr(settings, name))
    images_key(spec, OWN).set(OWN if settings.stored is not None else settings.dataset)
