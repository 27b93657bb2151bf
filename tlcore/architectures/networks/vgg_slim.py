"""VGG16Slim: VGG16's layers under VGG16's names, with fewer channels."""

from __future__ import annotations

from typing import Any

from .top import pooled

#: Convolutions and channels of each block: thin where the picture is large, wide where it is small.
BLOCKS = ((2, 16), (2, 32), (3, 96), (3, 256), (3, 288))


def vgg16_slim(inputs: Any, *, include_top: bool, num_classes: int, pooling: str | None) -> Any:
    """Builds the network on a symbolic tensor.

    Args:
        inputs: `(batch, height, width, channels)`, values in [-1, 1].
        include_top: Whether global average pooling and the classifier follow.
        num_classes: Classes of the classifier.
        pooling: None, "avg" or "max", without the top.

    Returns:
        The output tensor.
    """
    from keras import layers

    x = inputs
    for block, (convolutions, channels) in enumerate(BLOCKS, 1):
        for index in range(1, convolutions + 1):
            convolution = layers.Conv2D(
                channels, 3, padding="same", activation="relu", name=f"block{block}_conv{index}"
            )
            x = convolution(x)
        x = layers.MaxPooling2D(2, strides=2, name=f"block{block}_pool")(x)
    if not include_top:
        return pooled(x, pooling)
    x = layers.GlobalAveragePooling2D(name="avg_pool")(x)  # (batch, 288)
    return layers.Dense(num_classes, activation="softmax", name="predictions")(x)
