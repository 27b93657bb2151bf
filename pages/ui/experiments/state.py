"""What the experiments page remembers: the experiment on the screen, and for each its settings, guess and run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import streamlit as st
from pydantic import Field

from pages.ui.common.links import Link
from pages.ui.common.owner import owner
from pages.ui.common.state import Key
from tlcore.experiments import ExperimentSettings, ExperimentSpec, get_experiment, list_experiments
from tlcore.experiments.measuring.sweep import Sweep

EXPERIMENT: Key[str] = Key("experiments.name", list_experiments()[0])
OWN = "own"  # as images: those that were chosen on the datasets page
KEYS: dict[str, Key[Any]] = {"experiment": EXPERIMENT}

#: Runs that are remembered, of all browsers; the oldest goes first.
_KEPT = 200


class ExperimentsLink(Link):
    """/experiments?experiment=break_it"""

    experiment: Annotated[str, Field(pattern=f"^({'|'.join(list_experiments())})$")] = EXPERIMENT.default


def chosen() -> ExperimentSpec:
    """The experiment on the screen."""
    return get_experiment(EXPERIMENT.get())


def guess_key(spec: ExperimentSpec) -> Key[int | None]:
    """Index of the option that the learner committed to."""
    return Key(f"experiments.{spec.name}.guess", None)


def revealed_key(spec: ExperimentSpec) -> Key[bool]:
    """Whether the learner wants to see results without a guess."""
    return Key(f"experiments.{spec.name}.revealed", False)


def setting_key(spec: ExperimentSpec, name: str) -> Key[Any]:
    """One setting of one experiment, the experiment's own default to begin with."""
    return Key(f"experiments.{spec.name}.{name}", getattr(spec.defaults, name))


def settings_of(spec: ExperimentSpec, images: dict[str, Any]) -> ExperimentSettings:
    """What the widgets say; `images` are the fields that say which images."""
    values = {name: setting_key(spec, name).get() for name in spec.uses}
    return ExperimentSettings(**{**spec.defaults.model_dump(), **values, **images})


def images_key(spec: ExperimentSpec, default: str) -> Key[str]:
    """Which images it is measured on: the name of a ready set, or `OWN`."""
    return Key(f"experiments.{spec.name}.images", default)


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
    seen = Key(f"experiments.{spec.name}.taken_up", False)
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
