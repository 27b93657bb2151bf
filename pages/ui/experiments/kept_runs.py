"""Runs of experiments, kept by browser: with the guess that was made, they are found again after a reload."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.ui.common.owner import owner
from pages.ui.experiments.state import OWN, guess_key, images_key, revealed_key, setting_key, taken_up_key
from tlcore.experiments import ExperimentSpec
from tlcore.experiments.measuring.sweep import Sweep

#: Runs that are remembered, of all browsers; the oldest goes first.
_KEPT = 200


@dataclass
class _Run:
    """A run of a browser, and what the learner had guessed of it."""

    sweep: Sweep
    guess: int | None = None
    revealed: bool = False


@st.cache_resource(show_spinner=False)
def _runs() -> dict[tuple[str, str], _Run]:
    """Runs by browser and experiment. Not in the session, which ends when the page is loaded again: a run does not."""
    return {}


def sweep_of(spec: ExperimentSpec) -> Sweep | None:
    """The run of this experiment in this browser."""
    run = _runs().get((owner(), spec.name))
    return None if run is None else run.sweep


def remember_sweep(spec: ExperimentSpec, sweep: Sweep) -> None:
    """Keeps the run, also beyond this session."""
    runs = _runs()
    runs.pop((owner(), spec.name), None)
    runs[(owner(), spec.name)] = _Run(sweep)
    for oldest in list(runs)[:-_KEPT]:
        runs.pop(oldest, None)


def remember_guess(spec: ExperimentSpec) -> None:
    """Keeps the guess with the run, if there is one."""
    run = _runs().get((owner(), spec.name))
    if run is not None:
        run.guess, run.revealed = guess_key(spec).get(), revealed_key(spec).get()


def take_up_run(spec: ExperimentSpec) -> None:
    """Puts the widgets of a new session to what the run of this browser was started with, and to its guess."""
    seen = taken_up_key(spec)
    run = None if seen.get() else _runs().get((owner(), spec.name))
    seen.set(True)
    if run is None:
        return
    settings = run.sweep.settings
    for name in spec.uses:
        setting_key(spec, name).set(getattr(settings, name))
    images_key(spec, OWN).set(OWN if settings.stored is not None else settings.dataset)
    guess_key(spec).set(run.guess)
    revealed_key(spec).set(run.revealed)
