"""Why an array is no batch of images for a network, and what to do: one sentence for each true cause."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InvalidArgumentError
from ..translatable import N_

_ALPHA = N_(
    "Expected images with three channels, red, green and blue. Received: the shape {shape}, with a fourth for "
    "transparency. Leave it out: `images[..., :3]`."
)
_CHANNELS_FIRST = N_(
    "Expected images of the shape (N, height, width, 3). Received: the shape {shape}, colours first, as PyTorch has "
    "them. Colours come last here: `np.moveaxis(images, {axis}, -1)`."
)
_NO_CHANNEL = N_(
    "Expected images with three channels. Received: the shape {shape}, grey images without an axis for the channel. "
    "Repeat the grey: `np.repeat(images[..., None], 3, axis=-1)`."
)
_FLAT = N_(
    "Expected images of the shape (N, {height}, {width}, {channels}). Received: the shape {shape}, each image as one "
    "row of numbers. Fold them back: `images.reshape(-1, {height}, {width}, {channels})`."
)
_TOO_DEEP = N_(
    "Expected images of the shape (N, height, width, 3), four dimensions. Received: the shape {shape}, which has "
    "{count}. Give one batch at a time: `images[0]`."
)
_SHAPE = N_(
    "Expected images of the shape (N, height, width, 3), or one of (height, width, 3). Received: the shape {shape}. "
    "Colours come last."
)
_UNEQUAL = N_(
    "Expected images that are all of one size. Received: {kind} of images of different sizes, or of something "
    "else than images. Bring all to the network's size first: `tlcore.datasets.decode_image(file, image_size=...)`."
)
_GREY_FOR_COLOUR = N_(
    "Expected images with {wanted} channels, which this network takes. Received: {shape}, grey. Repeat the grey: "
    "`np.repeat(images, 3, axis=-1)`."
)
_COLOUR_FOR_GREY = N_(
    "Expected grey images with one channel, which this network takes. Received: {shape}, in colour. Take the mean of "
    "the colours: `images.mean(axis=-1, keepdims=True)`."
)
_TURNED = N_(
    "Expected images of the shape {expected}, which this network takes. Received: {shape}, with height and width the "
    "other way round. Height comes first: `np.swapaxes(images, 1, 2)`."
)
_SIZE = N_(
    "Expected images of the shape {expected}, which this network takes. Received: {shape}. Resize them, or build the "
    "network for this size."
)
_BOOL = N_(
    "Expected raw pixels in [0, 255]. Received: bool, as masks are. Make pixels of it: `images * np.uint8(255)`."
)
_TYPE = N_(
    "Expected images as a NumPy array of uint8 or float32 with values in [0, 255]. Received: {received}. Convert them: "
    "`np.asarray(images, 'uint8')`."
)
_UNIT_RANGE = N_(
    "Expected raw pixels in [0, 255]. Received: values from {low:g} to {high:g}, scaled to [0, 1] already: this "
    "network would see nearly black images. Give them as they were: `images * 255`."
)
_CENTRED = N_(
    "Expected raw pixels in [0, 255]. Received: values from {low:g} to {high:g}. Leave preprocessing out: it is part "
    "of the network here."
)
_OVER = N_(
    "Expected raw pixels in [0, 255]. Received: values from {low:g} to {high:g}, as images of more than 8 bits have. "
    "Scale them by their range: `images * (255 / images.max())`."
)


def unequal_error(images: Any) -> InvalidArgumentError:
    """For what NumPy makes no array of numbers of."""
    return InvalidArgumentError(_UNEQUAL, kind=type(images).__name__)


def type_error(received: str) -> InvalidArgumentError:
    """For numbers of another type, or no array at all."""
    return InvalidArgumentError(_BOOL if received == "bool" else _TYPE, received=received)


def shape_error(shape: tuple[int, ...], input_shape: tuple[int | None, ...] | None) -> InvalidArgumentError:
    """For an array that is no batch of images.

    Args:
        shape: As it came.
        input_shape: (height, width, channels) of the network, where it is known.
    """
    if len(shape) > 4:
        return InvalidArgumentError(_TOO_DEEP, shape=shape, count=len(shape))
    if len(shape) > 2 and shape[-1] == 4:
        return InvalidArgumentError(_ALPHA, shape=shape)
    if len(shape) > 2 and shape[-3] in (1, 3):
        return InvalidArgumentError(_CHANNELS_FIRST, shape=shape, axis=len(shape) - 3)
    if len(shape) == 2 and input_shape is not None and None not in input_shape and shape[1] == _size(input_shape):
        height, width, channels = input_shape
        return InvalidArgumentError(_FLAT, shape=shape, height=height, width=width, channels=channels)
    if len(shape) in (2, 3):
        return InvalidArgumentError(_NO_CHANNEL, shape=shape)
    return InvalidArgumentError(_SHAPE, shape=shape)


def size_error(shape: tuple[int, ...], expected: tuple[int | None, ...]) -> InvalidArgumentError:
    """For images of another shape than a network takes.

    Args:
        shape: (height, width, channels) of the images.
        expected: Of the network.
    """
    if expected[2] is not None and shape[2] != expected[2]:
        template = _GREY_FOR_COLOUR if shape[2] == 1 else _COLOUR_FOR_GREY
        return InvalidArgumentError(template, wanted=expected[2], shape=shape)
    turned = shape[0] != shape[1] and (shape[1], shape[0]) == expected[:2]
    return InvalidArgumentError(_TURNED if turned else _SIZE, expected=tuple(expected), shape=shape)


def range_error(batch: NDArray[np.float32]) -> InvalidArgumentError | None:
    """For pixels in another range than [0, 255]; None where they lie in it.

    Args:
        batch: `float32`, finite.
    """
    low, high = float(batch.min()), float(batch.max())
    if low < 0:
        template = _CENTRED
    elif high > 255:
        template = _OVER if high > 512 else _CENTRED
    elif 0 < high <= 1:
        template = _UNIT_RANGE
    else:
        return None
    return InvalidArgumentError(template, low=low, high=high)


def _size(shape: tuple[int | None, ...]) -> int:
    return prod(side or 0 for side in shape)
