"""Which arrays are images that a network takes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InvalidArgumentError
from ..translatable import N_
from .image_errors import range_error, shape_error, size_error, type_error, unequal_error


def image_batch(images: Any, *, input_shape: tuple[int | None, ...] | None = None) -> NDArray[Any]:
    """Returns `images` as a batch that a network takes, or says why they are none.

    Args:
        images: Raw RGB, `uint8` or floating point, `(N, H, W, 3)` or one image `(H, W, 3)`, [0, 255].
        input_shape: (height, width, channels) that the network takes; None in it means any.

    Returns:
        `uint8` or `float32`, `(N, H, W, channels)`; a view where nothing had to be converted.

    Raises:
        InvalidArgumentError: Wrong number of dimensions, size or dtype; no image; NaN; values outside [0, 255].
    """
    try:
        batch = np.asarray(images)
    except ValueError as error:  # a list of images of different sizes
        raise unequal_error(images) from error
    received = batch.shape
    batch = batch[np.newaxis] if batch.ndim == 3 else batch
    if np.issubdtype(batch.dtype, np.floating):
        batch = batch.astype(np.float32, copy=False)
    if batch.dtype == object:
        raise unequal_error(images)
    _check_shape(batch, received, input_shape)
    _check_values(batch)
    return batch


def check_images(images: Any, input_shape: tuple[int | None, ...]) -> None:
    """Says why `images` are no batch that a network takes as it is: for large ones, which are not converted.

    Args:
        images: What should be `uint8` or `float32`, `(N, H, W, 3)`, [0, 255].
        input_shape: (height, width, channels) that the network takes; None in it means any.

    Raises:
        InvalidArgumentError: Another type, shape or range, or no image at all.
    """
    if not isinstance(images, np.ndarray):
        raise type_error(type(images).__name__)
    _check_shape(images, images.shape, input_shape)
    _check_values(images)


def _check_shape(batch: NDArray[Any], received: tuple[int, ...], input_shape: tuple[int | None, ...] | None) -> None:
    if batch.ndim != 4 or batch.shape[-1] not in (1, 3):
        raise shape_error(received, input_shape)
    if 0 in batch.shape:
        raise InvalidArgumentError(
            N_("Expected at least one image. Received: an array of the shape {shape}, which holds none."),
            shape=batch.shape,
        )
    if input_shape is not None and not _fits(batch.shape[1:], input_shape):
        raise size_error(batch.shape[1:], input_shape)


def _fits(shape: tuple[int, ...], expected: tuple[int | None, ...]) -> bool:
    return all(wanted is None or size == wanted for size, wanted in zip(shape, expected, strict=True))


def _check_values(batch: NDArray[Any]) -> None:
    if batch.dtype == np.uint8:
        return
    if batch.dtype != np.float32:
        raise type_error(batch.dtype.name)
    low, high = float(batch.min()), float(batch.max())  # NaN anywhere makes both NaN
    if not np.isfinite([low, high]).all():
        finite = np.isfinite(batch).all(axis=(1, 2, 3))
        raise InvalidArgumentError(
            N_(
                "Expected finite pixels. Received: NaN or infinity in {count} of {total} images, first in number "
                "{first}. Look at how they were read."
            ),
            count=int((~finite).sum()),
            total=len(batch),
            first=int(np.argmin(finite)),
        )
    if error := range_error(batch):
        raise error
