"""Predicting with a network, and measuring how well it predicts."""

from .metrics import evaluate
from .prediction import Prediction, class_probabilities, predict, predict_probabilities, rank_classes

__all__ = ["Prediction", "class_probabilities", "evaluate", "predict", "predict_probabilities", "rank_classes"]
