"""Feature extraction: the lecture's `rna_base.predict(images)`, run the fast way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tlcore.errors import InvalidArgumentError
from tlcore.models.images import check_images
from tlcore.translatable import N_

_PRECISIONS = ("auto", "float32", "bfloat16")
_RUNTIMES = ("auto", "tensorflow", "litert")


def extract_features(
    base: Any,
    images: NDArray[Any],
    *,
    layer: str | None = None,
    precision: Literal["auto", "float32", "bfloat16"] = "auto",
    runtime: Literal["auto", "tensorflow", "litert"] | None = None,
    batch_size: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    cache: bool = False,
) -> NDArray[np.float32]:
    """Runs the base once for each image.

    Use it where the lecture calls `rna_base.predict`. It takes the runtime and the precision that are fastest on this
    machine; `precision="float32"` gives what `predict` gives, up to rounding (a relative difference below 1e-5).

    Args:
        base: A network of `tlcore.build_base`, or any functional `keras.Model` with one input. It is not changed.
        images: Raw RGB, `uint8` or `float32`, `(N, H, W, 3)` in [0, 255].
        layer: Name of the layer whose output is wanted; None for the last one.
        precision: "auto" measures once per machine and base and remembers; "float32" takes the faster of TensorFlow
            and LiteRT, "bfloat16" TensorFlow in half.
        runtime: Pins "tensorflow" or "litert" (where this platform has it, in float32), or "auto"; None for what
            `TLCORE_RUNTIME` says.
        batch_size: Images a call; None for what suits the runtime.
        progress: Called after each batch with (images done, images in all).
        cache: Keep the features on disk, and read them if they are there: where training reads them.

    Returns:
        `float32 (N, h, w, c)`; for VGG16 at 150x150 `(N, 4, 4, 512)`.

    Raises:
        InvalidArgumentError: An unknown layer, precision or runtime, images of another size or type.

    Example:
        >>> features = extract_features(base, data.train.images)
        >>> vectors = features.reshape(len(features), -1)  # as the lecture's np.reshape

    Source: lecture, slides 30-32.
    """
    from .frozen import FrozenNetwork
    from .running import run_network, up_to_layer

    _check_choice("precision", precision, _PRECISIONS)
    _check_choice("runtime", runtime or "auto", _RUNTIMES)
    check_batch_size(batch_size)
    check_images(images, tuple(base.input_shape[1:]))
    if cache:
        network = FrozenNetwork(up_to_layer(base, layer), precision, runtime)
        features = network.outputs(images, progress=progress).arrays[0]
    else:
        features = run_network(
            base,
            images,
            layer=layer,
            precision=precision,
            runtime=runtime,
            batch_size=batch_size,
            progress=progress,
        )[0]
    return np.asarray(features).astype(np.float32, copy=False)


def _check_choice(name: str, value: Any, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise InvalidArgumentError(
            N_("Expected `{name}` to be one of {choices}. Received: {value!r}. Choose one of these names."),
            name=name,
            choices=", ".join(repr(choice) for choice in choices),
            value=value if isinstance(value, str) else repr(value),
        )


def check_batch_size(batch_size: int | None) -> None:
    """Raises InvalidArgumentError unless it is None or a positive whole number."""
    if batch_size is not None and (not isinstance(batch_size, (int, np.integer)) or batch_size < 1):
        raise InvalidArgumentError(
            N_("Expected `batch_size` to be a whole number of at least 1. Received: {value!r}. Try 32."),
            value=batch_size if isinstance(batch_size, (int, float, str)) else repr(batch_size),
        )
