"""What a network's weights expect of a picture, as layers in front of the network.

Only built-in Keras layers and operations without parameters: a saved model opens in plain Keras, without this package.
"""

from __future__ import annotations

from typing import Any

from ..errors import InvalidArgumentError
from ..translatable import N_

#: Mean and deviation of ImageNet's pixels in [0, 1], RGB; then the means that Caffe's networks subtract, BGR in
#: [0, 255]. Source: keras.applications.imagenet_utils.
IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_DEVIATION = (0.229, 0.224, 0.225)
CAFFE_MEAN_BGR = (103.939, 116.779, 123.68)


def preprocess(images: Any, mode: str) -> Any:
    """Adds the preprocessing `mode` behind a symbolic input.

    Args:
        images: Keras tensor of raw pixels, [0, 255], `(batch, height, width, channels)`.
        mode: "caffe" (RGB to BGR, minus the mean), "tf" (to [-1, 1]), "torch" (to [0, 1], minus the mean, by the
            deviation), "scale" (to [0, 1]), "lite" (minus 127, by 128) or "none" (the network does it itself).

    Returns:
        The preprocessed Keras tensor.

    Raises:
        InvalidArgumentError: The mode is defined for colour pictures only and `images` are not.
    """
    if mode in ("caffe", "torch") and images.shape[-1] != 3:
        raise InvalidArgumentError(
            N_("Expected `input_shape` to end in 3 (RGB) for this network. Received: {channels}. Use colour images."),
            channels=images.shape[-1],
        )
    for step in _steps(mode):
        images = step(images)
    return images


def _steps(mode: str) -> list[Any]:
    from keras import layers, ops

    if mode == "caffe":
        zero_center = layers.Rescaling(1.0, [-mean for mean in CAFFE_MEAN_BGR], name="zero_center")
        return [lambda images: ops.flip(images, axis=-1), zero_center]
    if mode == "torch":
        scale = [1 / (255 * deviation) for deviation in IMAGENET_DEVIATION]
        offset = [-mean / deviation for mean, deviation in zip(IMAGENET_MEAN, IMAGENET_DEVIATION, strict=True)]
        return [layers.Rescaling(scale, offset, name="normalize")]
    if mode == "tf":
        return [layers.Rescaling(1 / 127.5, -1.0, name="to_minus_one_one")]
    if mode == "lite":
        return [layers.Rescaling(1 / 128, -127 / 128, name="center_on_127")]
    if mode == "scale":
        return [layers.Rescaling(1 / 255, name="to_zero_one")]
    return []
