"""Keras's Normalization layers after a load: what they compute with is a copy of their weights."""

from __future__ import annotations

from typing import Any

#: Deviation of ImageNet's colours, as keras.applications scales EfficientNet's input with.
_DEVIATION_RGB = (0.229, 0.224, 0.225)


def refresh_normalization(model: Any) -> None:
    """Makes each Normalization layer compute with the weights that it has now.

    Keras does this when it loads a file itself; weights that are assigned one by one need it said.

    Args:
        model: A flat functional keras.Model.
    """
    for layer in model.layers:
        if type(layer).__name__ == "Normalization":
            layer.finalize_state()


def fold_imagenet_rescaling(model: Any) -> None:
    """Puts the scaling that EfficientNet's ImageNet weights were trained with into the network's own normalisation.

    keras.applications adds a layer after the normalisation, dividing by the square root of each colour's deviation,
    if and only if it loads ImageNet weights. A variance multiplied by that deviation does the same without a layer
    more, so that the network has the same layers whatever its weights.

    Args:
        model: An EfficientNet (first version) with its ImageNet weights just loaded.
    """
    layer = next(layer for layer in model.layers if type(layer).__name__ == "Normalization")
    layer.adapt_variance.assign(layer.adapt_variance * _DEVIATION_RGB)
    layer.finalize_state()
