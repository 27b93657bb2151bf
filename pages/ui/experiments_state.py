"""What the experiments page remembers: the experiment on the screen, and for each its settings, guess and run."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from pages.ui.links import Link
from pages.ui.state import Key
from tlcore.experiments import ExperimentSettings, ExperimentSpec, get_experiment, list_experiments
from tlcore.experiments.sweep import Sweep

EXPERIMENT: Key[str] = Key("experiments.name", list_experiments()[0])
SWEEPS: Key[dict[str, Sweep] | None] = Key("experiments.sweeps", None)


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


def sweep_of(spec: ExperimentSpec) -> Sweep | None:
    """The run of this experiment in this session."""
    return (SWEEPS.get() or {}).get(spec.name)


def remember_sweep(spec: ExperimentSpec, sweep: Sweep) -> None:
    SWEEPS.set({**(SWEEPS.get() or {}), spec.name: sweep})
