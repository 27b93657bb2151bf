"""What the engine's workers run: one cell at a time."""

from __future__ import annotations

from dataclasses import dataclass

from ..registry import get_experiment
from ..specification import Cell, Values, Watcher
from .cache import measure


@dataclass(frozen=True, slots=True)
class MeasuredCell:
    """One cell of an experiment.

    Attributes:
        values: What was measured.
        seconds: That measuring took.
        recalled: Whether it was measured on this machine before.
        stopped: Whether it was cancelled; `values` are then of no use.
    """

    values: Values
    seconds: float
    recalled: bool = False
    stopped: bool = False


def measure_cell(context: Watcher, *, experiment: str, cell: Cell, again: bool = False) -> MeasuredCell:
    """Task of the engine: one cell, measured or recalled (see `cache.measure`)."""
    record = measure(get_experiment(experiment), cell, context, again=again)
    return MeasuredCell(record["values"], record["seconds"], record["recalled"], record["stopped"])
