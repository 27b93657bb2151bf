"""MobileNet with fewer channels than Keras's default."""

from __future__ import annotations

from typing import Any


def mobilenet_025(inputs: Any, *, include_top: bool, num_classes: int, pooling: str | None) -> Any:
    """Builds MobileNet with a quarter of the channels, as keras.applications does with `alpha=0.25`.

    Args:
        inputs: `(batch, 128, 128, 3)` or another size, values in [-1, 1].
        include_top: Whether global pooling and the classifier follow.
        num_classes: Classes of the output.
        pooling: None, "avg" or "max", without the top.

    Returns:
        The output tensor.

    Source: Howard et al. 2017, section 3.3, the width multiplier.
    """
    from keras import applications

    network = applications.MobileNet(
        alpha=0.25,
        weights=None,
        input_tensor=inputs,
        input_shape=tuple(inputs.shape[1:]),
        include_top=include_top,
        classes=num_classes,
        pooling=None if include_top else pooling,
    )
    return network.outputs[0]
