"""The sanity check of explanations: does a map change when the network has forgotten everything?

Source: Adebayo et al., Sanity Checks for Saliency Maps, 2018.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InvalidArgumentError
from ..translatable import N_
from .network import flat_network


def randomized(model: Any, *, seed: int = 0) -> Any:
    """A network of the same shape whose weights were all drawn anew; `model` stays as it is.

    Args:
        model: `run.model`, a `Run`, or a base.
        seed: Of the weights.

    Returns:
        `keras.Model`.
    """
    import keras

    keras.utils.set_random_seed(seed)
    return keras.models.clone_model(flat_network(model))


def map_likeness(first: NDArray[Any], second: NDArray[Any]) -> float:
    """How much two maps of one image are alike: Spearman's rank correlation over all pixels.

    Args:
        first: `float (H, W)`.
        second: Of the same shape.

    Returns:
        1 for the same order of bright and dark, 0 for nothing in common, -1 for the opposite; 0 where one of the two is
        the same everywhere and so says nothing.

    Raises:
        InvalidArgumentError: Maps of different sizes.
    """
    from scipy.stats import spearmanr

    if first.shape != second.shape:
        raise InvalidArgumentError(
            N_("Expected two maps of one size. Received: {first} and {second}. Make both of the same image."),
            first=first.shape,
            second=second.shape,
        )
    if not (np.ptp(first) and np.ptp(second)):
        return 0.0
    return float(spearmanr(first, second, axis=None).statistic)
