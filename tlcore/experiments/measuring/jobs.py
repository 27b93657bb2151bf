"""What the engine's workers run: one cell at a time."""

from __future__ import annotations

from typing import Any

from ..registry import get_experiment
from ..specification import Cell, Watcher
from .cache import measure


def measure_cell(context: Watcher, *, experiment: str, cell: Cell, again: bool = False) -> dict[str, Any]:
    """Task of the engine: the record of one cell, measured or recalled (see `cache.measure`)."""
    return measure(get_experiment(experiment), cell, context, again=again)
