"""What a network loses when a part of the image is covered."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InvalidArgumentError
from ..inference.prediction import predict_probabilities
from ..translatable import N_
from .network import batch_of_one, flat_network

_MOST_BYTES = 64 * 1024**2  # of covered images at a time
_MOST_PLACES = 4096


def occlusion_map(
    model: Any,
    image: Any,
    class_index: int | None = None,
    *,
    patch: int = 24,
    stride: int = 12,
    progress: Callable[[int, int], None] | None = None,
) -> NDArray[np.float32]:
    """How much the probability of a class falls when a patch is covered with the image's mean colour.

    Needs no gradients and holds for any network, at the price of one prediction for each position of the patch.

    Args:
        model: `run.model`, a `Run`, or a base that was built with its top.
        image: Raw RGB, `uint8` or `float32` in [0, 255], `(H, W, 3)`; or the path or the bytes of an image file.
        class_index: The class to explain, the predicted one without it.
        patch: Side of the patch in pixels.
        stride: Pixels from one position to the next, at most `patch`.
        progress: Called with how many positions are done and how many there are.

    Returns:
        `float32 (H, W)` in [-1, 1]: the mean fall over all patches that cover a pixel; negative where the covered
        part spoke against the class.

    Raises:
        InvalidArgumentError: An image, class, patch or stride that cannot be.

    Source: Zeiler & Fergus, Visualizing and Understanding Convolutional Networks, 2014.
    """
    network = flat_network(model)
    batch = batch_of_one(network, image)
    height, width = batch.shape[1:3]
    positions = _positions(height, width, patch, stride)
    before = predict_probabilities(network, batch)[0]
    label = _class(before, class_index)
    colour = batch[0].mean(axis=(0, 1)).astype(batch.dtype)
    falls = np.zeros((height, width), np.float64)
    times = np.zeros((height, width), np.int64)
    at_once = max(1, _MOST_BYTES // batch.nbytes)
    for start in range(0, len(positions), at_once):
        batch_positions = positions[start : start + at_once]
        covered = np.repeat(batch, len(batch_positions), axis=0)
        for picture, (row, column) in zip(covered, batch_positions, strict=True):
            picture[row : row + patch, column : column + patch] = colour
        report = None if progress is None else partial(_report, progress, start, len(positions))
        after = predict_probabilities(network, covered, progress=report)[:, label]
        for (row, column), value in zip(batch_positions, after, strict=True):
            falls[row : row + patch, column : column + patch] += before[label] - value
            times[row : row + patch, column : column + patch] += 1
    return (falls / times).astype(np.float32)


def _report(progress: Callable[[int, int], None], before: int, total: int, done: int, _: int) -> None:
    progress(before + done, total)


def _positions(height: int, width: int, patch: int, stride: int) -> list[tuple[int, int]]:
    """Upper left corners; the last of each row and column ends at the edge, so that every pixel is covered."""
    if not (1 <= patch <= min(height, width) and 1 <= stride <= patch):
        raise InvalidArgumentError(
            N_(
                "Expected `patch` to be from 1 to {most} pixels and `stride` from 1 to `patch`. Received: patch "
                "{patch}, stride {stride}. Try 24 and 12."
            ),
            most=min(height, width),
            patch=patch,
            stride=stride,
        )
    rows = sorted({*range(0, height - patch + 1, stride), height - patch})
    columns = sorted({*range(0, width - patch + 1, stride), width - patch})
    if len(rows) * len(columns) > _MOST_PLACES:
        raise InvalidArgumentError(
            N_("Expected at most {most} positions for the patch. Received: {count}. Use a larger `stride`."),
            most=_MOST_PLACES,
            count=len(rows) * len(columns),
        )
    return [(row, column) for row in rows for column in columns]


def _class(probabilities: NDArray[np.float32], class_index: int | None) -> int:
    if class_index is None:
        return int(np.argmax(probabilities))
    if isinstance(class_index, bool) or not 0 <= int(class_index) < len(probabilities):
        raise InvalidArgumentError(
            N_("Expected `class_index` to be from 0 to {most}, or None. Received: {value!r}. Choose one of these."),
            most=len(probabilities) - 1,
            value=class_index,
        )
    return int(class_index)
