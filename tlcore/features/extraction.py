"""Feature extraction: the lecture's `rna_base.predict(images)`, run the fast way."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from tlcore.errors import InvalidArgumentError
from tlcore.models.images import check_images
from tlcore.models.layers import find_layer
from tlcore.translatable import N_

if TYPE_CHECKING:
    from .forward import Forward

#: Base -> (what it was compiled for, its compiled copy): the last one only, since a copy takes as much memory again.
_compiled: WeakKeyDictionary[Any, tuple[tuple[Any, ...], Forward]] = WeakKeyDictionary()


def extract_features(
    base: Any,
    images: NDArray[Any],
    *,
    layer: str | None = None,
    precision: Literal["auto", "float32", "bfloat16"] = "auto",
    batch_size: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    cache: bool = False,
) -> NDArray[np.float32]:
    """Runs the base once for each image.

    Use it where the lecture calls `rna_base.predict`. A compiled call in the precision that is fastest on this
    machine; `precision="float32"` gives what `predict` gives, up to rounding.

    Args:
        base: A network of `tlcore.build_base`, or any functional `keras.Model` with one input. It is not changed.
        images: Raw RGB, `uint8` or `float32`, `(N, H, W, 3)` in [0, 255].
        layer: Name of the layer whose output is wanted; None for the last one.
        precision: "auto" measures once per machine and base and remembers.
        batch_size: Images a call; None chooses by cores and memory.
        progress: Called after each batch with (images done, images in all).
        cache: Keep the features on disk, and read them if they are there: the same place that training reads from.

    Returns:
        `float32 (N, h, w, c)`; for VGG16 at 150x150 `(N, 4, 4, 512)`.

    Raises:
        InvalidArgumentError: An unknown layer or precision, images of another size or type.

    Example:
        >>> features = extract_features(base, data.train.images)
        >>> features.reshape(len(features), -1).shape  # as the lecture's np.reshape
        (5000, 8192)

    Source: lecture, slides 30-32.
    """
    from .frozen import FrozenNetwork

    if precision not in ("auto", "float32", "bfloat16"):
        raise InvalidArgumentError(
            N_("Expected `precision` to be 'auto', 'float32' or 'bfloat16'. Received: {value!r}. Choose one of them."),
            value=str(precision),
        )
    check_batch_size(batch_size)
    check_images(images, tuple(base.input_shape[1:]))
    if cache:
        features = FrozenNetwork(up_to_layer(base, layer), precision).outputs(images, progress=progress).arrays[0]
    else:
        features = _run_compiled(base, images, layer, precision, batch_size, progress)
    return np.asarray(features).astype(np.float32, copy=False)


def _run_compiled(
    base: Any,
    images: NDArray[Any],
    layer: str | None,
    precision: str,
    batch_size: int | None,
    progress: Callable[[int, int], None] | None,
) -> NDArray[Any]:
    """Compiles `base` unless the last call did just that, as `predict` does, and runs it."""
    from .graph import weights_digest
    from .precision import WORTH_MEASURING_IMAGES, choose_forward, remember_speed

    measured = len(images) >= WORTH_MEASURING_IMAGES
    wanted = (layer, precision, batch_size, measured, weights_digest(base))
    known, forward = _compiled.get(base, ((), None))
    if forward is None or known != wanted:
        network = up_to_layer(base, layer)
        forward, _ = choose_forward(network, images, precision=precision, batch_size=batch_size)
        _compiled[base] = (wanted, forward)
        start_s = time.perf_counter()
        features = forward.run(images, progress=progress)[0]
        remember_speed(network, forward.plan, len(images), time.perf_counter() - start_s)
        return features
    return forward.run(images, progress=progress)[0]


def up_to_layer(base: Any, layer: str | None) -> Any:
    """`base` itself, or a network of the same layers that ends with the output of `layer`.

    Raises:
        InvalidArgumentError: There is no such layer; the nearest names are offered.
    """
    if layer is None:
        return base
    import keras

    return keras.Model(base.input, find_layer(base, layer).output)


def check_batch_size(batch_size: int | None) -> None:
    """Raises InvalidArgumentError unless it is None or a positive whole number."""
    if batch_size is not None and (not isinstance(batch_size, (int, np.integer)) or batch_size < 1):
        raise InvalidArgumentError(
            N_("Expected `batch_size` to be a whole number of at least 1. Received: {value!r}. Try 32."),
            value=batch_size if isinstance(batch_size, (int, float, str)) else repr(batch_size),
        )
