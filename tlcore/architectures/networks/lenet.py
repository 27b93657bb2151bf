"""LeNet-5, as published in 1998 and as it is taught today."""

from __future__ import annotations

from typing import Any

from .digit_codes import digit_codes
from .top import pooled

#: Which of the six maps of S2 each of the sixteen maps of C3 reads. Source: LeCun et al. 1998, table I.
C3_CONNECTIONS = (
    (0, 1, 2),
    (1, 2, 3),
    (2, 3, 4),
    (3, 4, 5),
    (0, 4, 5),
    (0, 1, 5),
    (0, 1, 2, 3),
    (1, 2, 3, 4),
    (2, 3, 4, 5),
    (0, 3, 4, 5),
    (0, 1, 4, 5),
    (0, 1, 2, 5),
    (0, 1, 3, 4),
    (1, 2, 4, 5),
    (0, 2, 3, 5),
    (0, 1, 2, 3, 4, 5),
)


def lenet5(inputs: Any, *, include_top: bool, num_classes: int, pooling: str | None) -> Any:
    """Builds LeNet-5 as published: 156 + 12 + 1,516 + 32 + 48,120 + 10,164 = 60,000 trainable parameters.

    Args:
        inputs: `(batch, 32, 32, 1)` or larger, values in [0, 1].
        include_top: Whether F6 and the fixed output follow C5.
        num_classes: Classes of the output.
        pooling: None, "avg" or "max", without the top.

    Returns:
        The output tensor: probabilities from the distances to each class's code, or C5's map.
    """
    from keras import layers

    from ..layers import EuclideanRBF, PartialConv2D, TrainableSubsampling, scaled_tanh

    x = layers.Conv2D(6, 5, activation=scaled_tanh, name="C1")(inputs)  # (batch, 28, 28, 6)
    x = TrainableSubsampling(2, activation=scaled_tanh, name="S2")(x)  # (batch, 14, 14, 6)
    x = PartialConv2D(C3_CONNECTIONS, 5, activation=scaled_tanh, name="C3")(x)  # (batch, 10, 10, 16)
    x = TrainableSubsampling(2, activation=scaled_tanh, name="S4")(x)  # (batch, 5, 5, 16)
    x = layers.Conv2D(120, 5, activation=scaled_tanh, name="C5")(x)  # (batch, 1, 1, 120)
    if not include_top:
        return pooled(x, pooling)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(84, activation=scaled_tanh, name="F6")(x)
    x = EuclideanRBF(digit_codes(num_classes), name="output")(x)
    return layers.Activation("softmax", name="predictions")(x)


def lenet5_modern(inputs: Any, *, include_top: bool, num_classes: int, pooling: str | None) -> Any:
    """Builds LeNet-5 as taught today: average pooling, full connections, softmax; 61,706 parameters.

    Args:
        inputs: `(batch, 32, 32, 1)` or another size, values in [0, 1].
        include_top: Whether the dense layers follow.
        num_classes: Classes of the output.
        pooling: None, "avg" or "max", without the top.

    Returns:
        The output tensor: probabilities, or S4's map.
    """
    from keras import layers

    x = layers.Conv2D(6, 5, activation="tanh", name="C1")(inputs)
    x = layers.AveragePooling2D(2, name="S2")(x)
    x = layers.Conv2D(16, 5, activation="tanh", name="C3")(x)
    x = layers.AveragePooling2D(2, name="S4")(x)
    if not include_top:
        return pooled(x, pooling)
    x = layers.Flatten(name="flatten")(x)  # (batch, 400)
    x = layers.Dense(120, activation="tanh", name="F5")(x)
    x = layers.Dense(84, activation="tanh", name="F6")(x)
    return layers.Dense(num_classes, activation="softmax", name="predictions")(x)
