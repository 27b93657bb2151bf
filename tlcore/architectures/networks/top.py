"""What every network of this package ends with, the way keras.applications ends."""

from __future__ import annotations

from typing import Any


def pooled(x: Any, pooling: str | None) -> Any:
    """Applies `pooling` to the last feature maps of a network without a top.

    Args:
        x: Symbolic tensor, `(batch, height, width, channels)`.
        pooling: None, "avg" or "max".

    Returns:
        `x` itself, or `(batch, channels)`.
    """
    from keras import layers

    if pooling == "avg":
        return layers.GlobalAveragePooling2D(name="avg_pool")(x)
    if pooling == "max":
        return layers.GlobalMaxPooling2D(name="max_pool")(x)
    return x
