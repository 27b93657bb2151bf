"""Keras code of a prediction and of its explanation."""

from __future__ import annotations

from pages.ui.live_prediction.state import CLASS, LAYER, METHOD
from tlcore.architectures import get_architecture
from tlcore.lesson_code import prediction_code


def answer_code(model: str | None) -> str:
    """The answer of the chosen network, a base as "name/weights" or a run, to one photo."""
    name, _slash, weights = (model or "").partition("/")
    base = (name, weights, get_architecture(name).default_input_shape) if weights else None
    return prediction_code(base, explanation=METHOD.get(), rank=CLASS.get(), layer=LAYER.get() or None)
