"""Random flips, shifts and zooms of training images."""

from __future__ import annotations

from typing import Any

SHIFT = 0.1
ZOOM = 0.1


def augment(images: Any, seed: Any) -> Any:
    """Flips half of the images left to right, shifts by up to 10 % and zooms by up to 10 %.

    Args:
        images: `float32 (N, H, W, 3)`.
        seed: `int32 (2,)`; the same seed gives the same changes.

    Returns:
        `float32 (N, H, W, 3)`; what comes in from outside repeats the nearest edge.
    """
    import tensorflow as tf

    shape = tf.shape(images)
    size = tf.cast(shape[1:3], tf.float32)
    draws = tf.random.stateless_uniform((shape[0], 4), seed)  # (N, 4): flip, zoom, shift down, shift right
    flip = tf.where(draws[:, 0] < 0.5, -1.0, 1.0)
    zoom = 1.0 + ZOOM * (2.0 * draws[:, 1] - 1.0)
    shift = SHIFT * size * (2.0 * draws[:, 2:] - 1.0)
    center = (size - 1.0) / 2.0
    across = flip * zoom
    zero = tf.zeros_like(zoom)
    # Output (x, y) reads input (a0·x + a1·y + a2, b0·x + b1·y + b2): scaled about the centre, then moved.
    transforms = tf.stack(
        [
            across,
            zero,
            center[1] - across * center[1] + shift[:, 1],
            zero,
            zoom,
            center[0] - zoom * center[0] + shift[:, 0],
            zero,
            zero,
        ],
        axis=1,
    )
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=images,
        transforms=transforms,
        output_shape=shape[1:3],
        fill_value=0.0,
        interpolation="BILINEAR",
        fill_mode="NEAREST",
    )
