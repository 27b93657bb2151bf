"""Training runs: what is asked for, how it is done, what is left behind."""

from .methods import TrainingMethod, get_method, list_methods
from .run import Run
from .specification import TrainingSpec
from .trainer import continue_training, train

__all__ = [
    "Run",
    "TrainingMethod",
    "TrainingSpec",
    "continue_training",
    "get_method",
    "list_methods",
    "train",
]
