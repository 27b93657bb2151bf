"""To which pixels a class is most sensitive: gradients of its score, averaged over noisy copies of the image."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InvalidArgumentError
from ..translatable import N_
from .network import Scores, batch_of_one, evaluate_scores, flat_network

_COPIES_AT_ONCE = 8
_BRIGHTEST_SHARE = 0.99  # of the pixels lie at or below what is drawn brightest


def smooth_gradients(
    model: Any,
    image: Any,
    class_index: int | None = None,
    *,
    copies: int = 24,
    noise: float = 0.15,
    seed: int = 0,
) -> NDArray[np.float32]:
    """How strongly the score of a class answers to a small change of each pixel (SmoothGrad).

    The gradient of one image is speckled, as it jumps from pixel to pixel; the mean over copies with a little noise
    shows what is common to them. Finer than Grad-CAM, and without a sign: bright is what the score hangs on, for or
    against.

    Args:
        model: `run.model`, a `Run`, or a base that was built with its top.
        image: Raw RGB, `uint8` or `float32` in [0, 255], `(H, W, 3)`; or the path or the bytes of an image file.
        class_index: The class to explain, the predicted one without it.
        copies: How many noisy copies.
        noise: Standard deviation of the noise as a share of the image's own range, in [0, 1].
        seed: Of the noise.

    Returns:
        `float32 (H, W)` in [0, 1]; the brightest hundredth of the pixels is 1.

    Raises:
        InvalidArgumentError: An image, class, number of copies or noise that cannot be.

    Example:
        >>> heat = smooth_gradients(run.model, "photo.jpg")

    Source: Smilkov et al., SmoothGrad: removing noise by adding noise, 2017.
    """
    network = flat_network(model)
    batch = batch_of_one(network, image).astype(np.float32)
    _check(copies, noise)
    scores = Scores(network)
    label = scores.choose(evaluate_scores(network, scores, batch), class_index)
    random = np.random.default_rng(seed)
    deviation = noise * float(np.ptp(batch))
    total = np.zeros(batch.shape[1:3], np.float64)  # (H, W)
    for start in range(0, copies, _COPIES_AT_ONCE):
        count = min(_COPIES_AT_ONCE, copies - start)
        noisy = batch + random.normal(0, deviation, (count, *batch.shape[1:])).astype(np.float32)
        total += np.abs(_gradients(network, scores, noisy, label)).max(axis=-1).sum(axis=0)
    brightest = float(np.quantile(total, _BRIGHTEST_SHARE)) or float(total.max())
    return (total / brightest if brightest else total).clip(0, 1).astype(np.float32)


def _gradients(network: Any, scores: Scores, images: NDArray[np.float32], label: int) -> NDArray[np.float32]:
    """Of the class's score by each pixel, `(N, H, W, 3)`."""
    import keras
    import tensorflow as tf

    parts = keras.Model(network.inputs, scores.tensor)
    pixels = tf.convert_to_tensor(images)
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        score = tf.reduce_sum(scores.for_class(scores.of(parts([pixels], training=False)), label))
    gradients: NDArray[np.float32] = tape.gradient(score, pixels).numpy()
    return gradients


def _check(copies: int, noise: float) -> None:
    if copies < 1 or not 0 <= noise <= 1:
        raise InvalidArgumentError(
            N_(
                "Expected `copies` of at least 1 and `noise` from 0 to 1. Received: copies {copies}, noise {noise}. "
                "Try 24 and 0.15."
            ),
            copies=copies,
            noise=noise,
        )
