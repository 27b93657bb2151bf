"""Predicting with a network, and measuring how well it predicts."""

from .images import check_images
from .metrics import evaluate
from .prediction import Prediction, predict, predict_probabilities, spell_out

__all__ = ["Prediction", "check_images", "evaluate", "predict", "predict_probabilities", "spell_out"]
