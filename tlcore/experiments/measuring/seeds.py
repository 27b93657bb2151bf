"""The repetitions of a claim one at a time, by their seeds: each person of a class measures one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..registry import get_experiment
from ..specification import Cell, ExperimentSettings
from .cache import cell_key


def cells_of_seed(name: str, settings: ExperimentSettings, seed: int) -> list[Cell]:
    """The cells of one repetition; with them those that no seed changes.

    Args:
        name: Of the experiment.
        settings: What is measured; its number of seeds does not matter.
        seed: Of the repetition, 0 for the first one of `ExperimentSpec.grid`.
    """
    first = get_experiment(name).grid(settings.model_copy(update={"seeds": 1}))
    return [_with_seed(cell, seed) for cell in first]


def cells_of_seeds(name: str, settings: ExperimentSettings, seeds: Iterable[int]) -> list[Cell]:
    """The cells of several repetitions, each cell once."""
    cells = [cell for seed in seeds for cell in cells_of_seed(name, settings, seed)]
    return list({cell_key(name, cell): cell for cell in cells}.values())


def _with_seed(cell: Cell, seed: int) -> Cell:
    return {key: _seeded(key, value, seed) for key, value in cell.items()}


def _seeded(key: str, value: Any, seed: int) -> Any:
    if key == "seed":
        return seed
    if key == "data" and value["stored"] is not None:
        return value  # a learner's own images are split once, see `data_of`
    return _with_seed(value, seed) if isinstance(value, dict) else value
