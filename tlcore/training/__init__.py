"""Training runs: what is asked for, how it is done, what is left behind."""

from .run import Run
from .specification import METHODS, TrainingSpec
from .trainer import continue_training, train

__all__ = ["METHODS", "Run", "TrainingSpec", "continue_training", "train"]
