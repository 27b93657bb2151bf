"""A student's run: the cells of one repetition of the claim as small jobs on the engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..errors import InvalidArgumentError
from ..experiments import Cell, ExperimentSpec, get_experiment, list_experiments
from ..experiments.measuring.jobs import MeasuredCell, measure_cell
from ..experiments.measuring.seeds import cells_of_seed
from ..experiments.measuring.sweep import Sweep
from .store import ClassStore

if TYPE_CHECKING:
    from ..engine import Engine, JobContext
    from .state import Classroom


def class_claims() -> list[ExperimentSpec]:
    """The claims that thirty people can measure at once, in the order of the lecture."""
    return [spec for spec in map(get_experiment, list_experiments()) if spec.for_a_class]


def measure_for_class(
    context: JobContext, *, code: str, experiment: str, cell: Cell, again: bool = False
) -> MeasuredCell:
    """Task of the engine: one cell of a class, measured or recalled; given back while the class is paused or gone.

    So what waited when the teacher pressed the button does not run, whoever looks after it.
    """
    try:
        paused = ClassStore().get(code).paused
    except InvalidArgumentError:
        paused = True
    if paused:
        return MeasuredCell({}, 0.0, stopped=True)
    return measure_cell(context, experiment=experiment, cell=cell, again=again)


class ClassRun(Sweep):
    """One repetition in a class; it goes on as `Sweep` does, and what was measured before is recalled.

    Args:
        engine: Where the cells go.
        owner: Token of the student's browser.
        classroom: The class.
        seed: Of the repetition.
    """

    task: Callable[..., MeasuredCell] = staticmethod(measure_for_class)

    def __init__(self, engine: Engine, owner: str, classroom: Classroom, seed: int) -> None:
        self._code, self._seed = classroom.code, seed
        super().__init__(engine, owner, classroom.plan.experiment, classroom.settings)

    def _grid(self) -> list[Cell]:
        return cells_of_seed(self.spec.name, self.settings, self._seed)

    def _arguments(self, cell: Cell) -> dict[str, Any]:
        return {"code": self._code, **super()._arguments(cell)}
