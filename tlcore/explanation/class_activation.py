"""Where in an image a class was seen: gradient-weighted class activation maps."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InvalidArgumentError
from ..translatable import N_
from .network import Scores, batch_of_one, find_call, flat_network, last_feature_map


def grad_cam(
    model: Any, image: Any, class_index: int | None = None, *, layer: str | None = None
) -> NDArray[np.float32]:
    """How much each position of an image speaks for a class.

    The channels of a feature map are added up, each weighted by how much the class's score grows with its mean; what
    speaks against the class is cut off. The score is taken before the last activation, which would hide the gradient
    where the network is sure.

    Args:
        model: `run.model`, a `Run`, or a base that was built with its top.
        image: Raw RGB, `uint8` or `float32` in [0, 255], `(H, W, 3)`; or the path or the bytes of an image file.
        class_index: The class to explain, the predicted one without it. With a single sigmoid unit, 0 asks for what
            speaks against class 1.
        layer: Name of the layer whose map is used; the last feature map before pooling without it.

    Returns:
        `float32 (H, W)` in [0, 1]; all 0 where nothing speaks for the class.

    Raises:
        InvalidArgumentError: An image, class or layer that cannot be.

    Example:
        >>> heat = grad_cam(run.model, photograph)

    Source: Selvaraju et al., Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization, 2017.
    """
    import keras
    import tensorflow as tf

    network = flat_network(model)
    batch = batch_of_one(network, image)
    scores = Scores(network)
    call = last_feature_map(network) if layer is None else find_call(network, layer)
    _check_is_map(call.outputs[0], call.operation.name)
    parts = keras.Model(network.inputs, [call.outputs[0], scores.tensor])
    pixels = tf.convert_to_tensor(batch, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(pixels)  # a frozen network has nothing else that the tape would follow
        maps, values = parts([pixels], training=False)  # (1, h, w, c), (1, features)
        logits = scores.of(values)  # (1, units)
        class_score = scores.for_class(logits, scores.choose(logits, class_index))
    gradients = tape.gradient(class_score, maps)
    if gradients is None:
        raise InvalidArgumentError(
            N_("Expected a `layer` that the class depends on. Received: {value!r}. Choose one before the classifier."),
            value=call.operation.name,
        )
    weights = tf.reduce_mean(gradients, axis=(1, 2), keepdims=True)  # (1, 1, 1, c)
    heat = tf.nn.relu(tf.reduce_sum(weights * maps, axis=-1, keepdims=True))  # (1, h, w, 1)
    return _scaled(tf.image.resize(tf.cast(heat, tf.float32), batch.shape[1:3]).numpy()[0, ..., 0])


def _check_is_map(tensor: Any, layer: str) -> None:
    if len(tensor.shape) != 4:
        raise InvalidArgumentError(
            N_(
                "Expected `layer` to give a feature map (N, height, width, channels). Received: {value!r}, which gives "
                "{shape}. Choose a convolution."
            ),
            value=layer,
            shape=tuple(tensor.shape),
        )


def _scaled(heat: NDArray[np.float32]) -> NDArray[np.float32]:
    highest = float(heat.max())
    return np.clip(heat / highest, 0, 1).astype(np.float32) if highest > 0 else np.zeros_like(heat, np.float32)
