"""Training runs: what is asked for, what is left behind."""

from .run import Run
from .specification import METHODS, TrainingSpec

__all__ = ["METHODS", "Run", "TrainingSpec"]
