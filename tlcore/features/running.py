"""Runs a network that nobody trains at the moment over a set of images, and keeps it ready for the next set."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from numpy.typing import NDArray

from tlcore.models.layers import find_layer

from .choice import WORTH_MEASURING_IMAGES, choose_forward
from .forward import ForwardRuntime, Progress
from .graph import weights_digest

#: Network -> (what it was made ready for, the runtime): the last one only, since it takes as much memory again.
_ready: WeakKeyDictionary[Any, tuple[tuple[Any, ...], ForwardRuntime]] = WeakKeyDictionary()


def run_network(
    model: Any,
    images: NDArray[Any],
    *,
    layer: str | None = None,
    precision: str = "float32",
    runtime: str | None = None,
    batch_size: int | None = None,
    progress: Progress | None = None,
) -> list[NDArray[Any]]:
    """Outputs of `model` in the fastest runtime; made ready anew only if its weights have changed since the last call.

    Args:
        model: Functional `keras.Model` with one input; it is not changed.
        images: What goes in, `(N, ...)`, checked by the caller.
        layer: Name of the layer whose output is wanted; None for the network's outputs.
        precision: As for `choose_forward`, as are `runtime` and `batch_size`.
        progress: Called after each batch with (images done, images in all).

    Returns:
        One `(N, ...)` array an output, `float32` or `bfloat16`.
    """
    is_long = len(images) >= WORTH_MEASURING_IMAGES
    wanted = (layer, precision, runtime, batch_size, is_long, weights_digest(model))
    known, forward = _ready.get(model, ((), None))
    if forward is not None and known == wanted:
        return forward.run(images, progress=progress)
    network = up_to_layer(model, layer)
    choice = choose_forward(network, images, precision=precision, runtime=runtime, batch_size=batch_size)
    forward = choice.forward
    _ready[model] = (wanted, forward)
    return forward.run(images, progress=progress)


def up_to_layer(model: Any, layer: str | None) -> Any:
    """`model` itself, or a network of the same layers that ends with the output of `layer`.

    Raises:
        InvalidArgumentError: There is no such layer; the nearest names are offered.
    """
    if layer is None:
        return model
    import keras

    return keras.Model(model.input, find_layer(model, layer).output)
