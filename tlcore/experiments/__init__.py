"""Each claim of the lecture as an experiment that measures it: the grid of runs, the measure, the takeaway.

Importing this package imports no tensorflow: grids and summaries are plain Python, cells are measured in workers.
"""

from .registry import get_experiment, list_experiments
from .specification import (
    Cell,
    Chart,
    ClassName,
    Column,
    ExperimentSettings,
    ExperimentSpec,
    Guess,
    Outcome,
    Quantity,
    Result,
    Series,
    Text,
)

__all__ = [
    "Cell",
    "Chart",
    "ClassName",
    "Column",
    "ExperimentSettings",
    "ExperimentSpec",
    "Guess",
    "Outcome",
    "Quantity",
    "Result",
    "Series",
    "Text",
    "get_experiment",
    "list_experiments",
]
