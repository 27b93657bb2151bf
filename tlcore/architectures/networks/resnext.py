"""ResNeXt, which keras.applications no longer ships: layers and names as it had them, convolutions grouped by Keras."""

from __future__ import annotations

from typing import Any

from .top import pooled

_GROUPS = 32
_EPSILON = 1.001e-5


def resnext50(inputs: Any, *, include_top: bool, num_classes: int, pooling: str | None) -> Any:
    """Builds ResNeXt50 (32x4d), 25,097,128 parameters with 1,000 classes.

    Args:
        inputs: `(batch, height, width, channels)`.
        include_top: Whether global pooling and the classifier follow.
        num_classes: Classes of the output.
        pooling: None, "avg" or "max", without the top.

    Returns:
        The output tensor.
    """
    return _resnext(inputs, (3, 4, 6, 3), include_top, num_classes, pooling)


def resnext101(inputs: Any, *, include_top: bool, num_classes: int, pooling: str | None) -> Any:
    """Builds ResNeXt101 (32x4d), 44,315,560 parameters with 1,000 classes.

    Args:
        inputs: `(batch, height, width, channels)`.
        include_top: Whether global pooling and the classifier follow.
        num_classes: Classes of the output.
        pooling: None, "avg" or "max", without the top.

    Returns:
        The output tensor.
    """
    return _resnext(inputs, (3, 4, 23, 3), include_top, num_classes, pooling)


def _resnext(inputs: Any, blocks: tuple[int, ...], include_top: bool, num_classes: int, pooling: str | None) -> Any:
    from keras import layers

    x = layers.ZeroPadding2D(3, name="conv1_pad")(inputs)
    x = _normalized(layers.Conv2D(64, 7, strides=2, use_bias=False, name="conv1_conv")(x), "conv1")
    x = layers.Activation("relu", name="conv1_relu")(x)
    x = layers.ZeroPadding2D(1, name="pool1_pad")(x)
    x = layers.MaxPooling2D(3, strides=2, name="pool1_pool")(x)
    for stage, count in enumerate(blocks):
        for number in range(1, count + 1):
            stride = 2 if stage > 0 and number == 1 else 1
            x = _block(x, 128 * 2**stage, stride, f"conv{stage + 2}_block{number}", project=number == 1)
    if not include_top:
        return pooled(x, pooling)
    x = layers.GlobalAveragePooling2D(name="avg_pool")(x)  # (batch, 2048)
    return layers.Dense(num_classes, activation="softmax", name="predictions")(x)


def _block(x: Any, filters: int, stride: int, name: str, *, project: bool) -> Any:
    from keras import layers

    shortcut = x
    if project:
        shortcut = layers.Conv2D(2 * filters, 1, strides=stride, use_bias=False, name=f"{name}_0_conv")(x)
        shortcut = _normalized(shortcut, f"{name}_0")
    x = _normalized(layers.Conv2D(filters, 1, use_bias=False, name=f"{name}_1_conv")(x), f"{name}_1")
    x = layers.Activation("relu", name=f"{name}_1_relu")(x)
    x = layers.ZeroPadding2D(1, name=f"{name}_2_pad")(x)
    grouped = layers.Conv2D(filters, 3, strides=stride, groups=_GROUPS, use_bias=False, name=f"{name}_2_conv")
    x = layers.Activation("relu", name=f"{name}_2_relu")(_normalized(grouped(x), f"{name}_2"))
    x = _normalized(layers.Conv2D(2 * filters, 1, use_bias=False, name=f"{name}_3_conv")(x), f"{name}_3")
    x = layers.Add(name=f"{name}_add")([shortcut, x])
    return layers.Activation("relu", name=f"{name}_out")(x)


def _normalized(x: Any, name: str) -> Any:
    from keras import layers

    return layers.BatchNormalization(epsilon=_EPSILON, name=f"{name}_bn")(x)
