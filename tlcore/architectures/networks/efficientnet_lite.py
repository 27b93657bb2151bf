"""EfficientNet-Lite, which keras.applications does not ship: EfficientNet made for telephones and quick conversion."""

from __future__ import annotations

import math
from typing import Any

from .top import pooled

#: Of each stage: how often its block is repeated, kernel, stride of the first one, expansion, channels.
STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
STEM_CHANNELS = 32
TOP_CHANNELS = 1280
_EPSILON = 1e-3
_DROPOUT = 0.2


def efficientnet_lite0(inputs: Any, *, include_top: bool, num_classes: int, pooling: str | None) -> Any:
    """Builds EfficientNet-Lite0, 4,694,024 parameters with 1,000 classes, of which 42,016 are BatchNorm's statistics.

    Layers are named as keras.applications names those of EfficientNet. Against EfficientNetB0: no
    squeeze-and-excitation and ReLU6 instead of swish, since small processors do not like either. The random skipping of
    whole blocks that it was trained with is left out: it belongs to training from scratch, and would make what lies
    below the first trained layer differ from epoch to epoch.

    Args:
        inputs: `(batch, height, width, channels)`, values in [-1, 1].
        include_top: Whether global average pooling, dropout and the classifier follow.
        num_classes: Classes of the classifier.
        pooling: None, "avg" or "max", without the top.

    Returns:
        The output tensor.

    Source: Tan, `efficientnet_lite_builder.py` in github.com/tensorflow/tpu (2020).
    """
    return _efficientnet_lite(inputs, 1.0, 1.0, include_top, num_classes, pooling)


def efficientnet_lite1(inputs: Any, *, include_top: bool, num_classes: int, pooling: str | None) -> Any:
    """Builds EfficientNet-Lite1, 5,470,344 parameters with 1,000 classes; arguments as of `efficientnet_lite0`."""
    return _efficientnet_lite(inputs, 1.0, 1.1, include_top, num_classes, pooling)


def efficientnet_lite2(inputs: Any, *, include_top: bool, num_classes: int, pooling: str | None) -> Any:
    """Builds EfficientNet-Lite2, 6,150,168 parameters with 1,000 classes; arguments as of `efficientnet_lite0`."""
    return _efficientnet_lite(inputs, 1.1, 1.2, include_top, num_classes, pooling)


def _efficientnet_lite(
    inputs: Any, width: float, depth: float, include_top: bool, num_classes: int, pooling: str | None
) -> Any:
    from keras import layers

    x = layers.Conv2D(STEM_CHANNELS, 3, strides=2, padding="same", use_bias=False, name="stem_conv")(inputs)
    x = _activated(_normalized(x, "stem"), "stem")
    for stage, (repeats, kernel, stride, expansion, channels) in enumerate(STAGES, 1):
        # Stem, top, and the number of blocks in the first and last stage are the same in every size of the family.
        scaled = repeats if stage in (1, len(STAGES)) else math.ceil(depth * repeats)
        for number in range(scaled):
            name = f"block{stage}{chr(ord('a') + number)}"
            x = _block(x, kernel, stride if number == 0 else 1, expansion, _scaled(channels, width), name)
    x = layers.Conv2D(TOP_CHANNELS, 1, use_bias=False, name="top_conv")(x)
    x = _activated(_normalized(x, "top"), "top")
    if not include_top:
        return pooled(x, pooling)
    x = layers.GlobalAveragePooling2D(name="avg_pool")(x)  # (batch, 1280)
    x = layers.Dropout(_DROPOUT, name="top_dropout")(x)
    return layers.Dense(num_classes, activation="softmax", name="predictions")(x)


def _block(x: Any, kernel: int, stride: int, expansion: int, channels: int, name: str) -> Any:
    """An inverted residual (MBConv): widen, look around in each channel, narrow; a shortcut where shapes agree."""
    from keras import layers

    start, inner = x, x.shape[-1] * expansion
    if expansion > 1:
        x = layers.Conv2D(inner, 1, use_bias=False, name=f"{name}_expand_conv")(x)
        x = _activated(_normalized(x, f"{name}_expand"), f"{name}_expand")
    x = layers.DepthwiseConv2D(kernel, strides=stride, padding="same", use_bias=False, name=f"{name}_dwconv")(x)
    x = _activated(_normalized(x, name), name)
    x = layers.Conv2D(channels, 1, use_bias=False, name=f"{name}_project_conv")(x)
    x = _normalized(x, f"{name}_project")
    if stride == 1 and start.shape[-1] == channels:
        x = layers.Add(name=f"{name}_add")([x, start])
    return x


def _scaled(channels: int, width: float) -> int:
    """Channels times `width`, as the nearest multiple of 8 that loses less than a tenth."""
    nearest = max(8, int(channels * width + 4) // 8 * 8)
    return nearest + 8 if nearest < 0.9 * channels * width else nearest


def _normalized(x: Any, name: str) -> Any:
    from keras import layers

    return layers.BatchNormalization(epsilon=_EPSILON, name=f"{name}_bn")(x)


def _activated(x: Any, name: str) -> Any:
    from keras import layers

    return layers.ReLU(max_value=6, name=f"{name}_activation")(x)
