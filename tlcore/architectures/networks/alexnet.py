"""AlexNet with its two groups and local response normalisation, and as one tower."""

from __future__ import annotations

from typing import Any

from .top import pooled


def alexnet(inputs: Any, *, include_top: bool, num_classes: int, pooling: str | None) -> Any:
    """Builds AlexNet as published: convolutions 2, 4 and 5 in two groups, 60,965,224 parameters.

    Args:
        inputs: `(batch, 227, 227, 3)` or another size; the paper says 224, its arithmetic needs 227.
        include_top: Whether the dense layers follow.
        num_classes: Classes of the output.
        pooling: None, "avg" or "max", without the top.

    Returns:
        The output tensor.
    """
    return _alexnet(inputs, 2, include_top, num_classes, pooling)


def alexnet_single(inputs: Any, *, include_top: bool, num_classes: int, pooling: str | None) -> Any:
    """Builds AlexNet as one tower without local response normalisation: 62,378,344 parameters.

    Args:
        inputs: `(batch, 227, 227, 3)` or another size.
        include_top: Whether the dense layers follow.
        num_classes: Classes of the output.
        pooling: None, "avg" or "max", without the top.

    Returns:
        The output tensor.
    """
    return _alexnet(inputs, 1, include_top, num_classes, pooling)


def _alexnet(inputs: Any, groups: int, include_top: bool, num_classes: int, pooling: str | None) -> Any:
    x = _pool(_normalize(_convolution(inputs, 1, 96, 11, strides=4, padding="valid"), 1, groups), 1)
    x = _pool(_normalize(_convolution(x, 2, 256, 5, groups=groups, bias=1.0), 2, groups), 2)
    x = _convolution(x, 3, 384, 3)
    x = _convolution(x, 4, 384, 3, groups=groups, bias=1.0)
    x = _pool(_convolution(x, 5, 256, 3, groups=groups, bias=1.0), 5)  # (batch, 6, 6, 256)
    return _top(x, num_classes) if include_top else pooled(x, pooling)


def _convolution(x: Any, number: int, filters: int, kernel: int, *, bias: float = 0.0, **options: Any) -> Any:
    """The paper's start values: normal with deviation 0.01, and a bias of 1 where ReLUs need a push."""
    from keras import initializers, layers

    return layers.Conv2D(
        filters,
        kernel,
        activation="relu",
        kernel_initializer=initializers.RandomNormal(stddev=0.01),
        bias_initializer=initializers.Constant(bias),
        name=f"conv{number}",
        **{"padding": "same", **options},
    )(x)


def _normalize(x: Any, number: int, groups: int) -> Any:
    from ..layers import LocalResponseNormalization

    return LocalResponseNormalization(name=f"norm{number}")(x) if groups == 2 else x


def _pool(x: Any, number: int) -> Any:
    """Overlapping windows: 3x3, two steps apart."""
    from keras import layers

    return layers.MaxPooling2D(3, strides=2, name=f"pool{number}")(x)


def _top(x: Any, num_classes: int) -> Any:
    from keras import initializers, layers

    x = layers.Flatten(name="flatten")(x)  # (batch, 9216)
    for number in (6, 7):
        start = {
            "kernel_initializer": initializers.RandomNormal(stddev=0.005),
            "bias_initializer": initializers.Constant(1.0),
        }
        x = layers.Dense(4096, activation="relu", name=f"fc{number}", **start)(x)
        x = layers.Dropout(0.5, name=f"dropout{number}")(x)
    return layers.Dense(num_classes, activation="softmax", name="predictions")(x)
