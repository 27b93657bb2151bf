"""Predicting with a network, and measuring how well it predicts."""

from .metrics import evaluate
from .prediction import Prediction, predict, predict_probabilities, spell_out

__all__ = ["Prediction", "evaluate", "predict", "predict_probabilities", "spell_out"]
