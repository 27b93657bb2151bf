"""What the experiments page remembers: the experiment on the screen, and for each its settings, guess and run."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from pages.ui.common.links import Link
from pages.ui.common.state import Key
from tlcore.experiments import ExperimentSpec, list_experiments

EXPERIMENT: Key[str] = Key("experiments.name", "")  # "": the board of all claims
CLAIM, RESULT = "experiments-claim", "experiments-result"  # parts that a step leads to
OWN = "own"  # as images: those that were chosen on the datasets page
KEYS: dict[str, Key[Any]] = {"experiment": EXPERIMENT}


class ExperimentsLink(Link):
    """/experiments?experiment=break_it"""

    experiment: Annotated[str, Field(pattern=f"^({'|'.join(list_experiments())})?$")] = EXPERIMENT.default


def guess_key(spec: ExperimentSpec) -> Key[int | None]:
    """Index of the option that the learner committed to."""
    return Key(f"experiments.{spec.name}.guess", None)


def revealed_key(spec: ExperimentSpec) -> Key[bool]:
    """Whether the learner wants to see results without a guess."""
    return Key(f"experiments.{spec.name}.revealed", False)


def setting_key(spec: ExperimentSpec, name: str) -> Key[Any]:
    """One setting of one experiment, the experiment's own default to begin with."""
    return Key(f"experiments.{spec.name}.{name}", getattr(spec.defaults, name))


def images_key(spec: ExperimentSpec, default: str) -> Key[str]:
    """Which images it is measured on: the name of a ready set, or `OWN`."""
    return Key(f"experiments.{spec.name}.images", default)


def taken_up_key(spec: ExperimentSpec) -> Key[bool]:
    """Whether the run that this browser has of the experiment has been looked for."""
    return Key(f"experiments.{spec.name}.taken_up", False)
