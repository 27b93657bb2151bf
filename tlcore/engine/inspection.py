"""The tasks of the architecture explorer that look into a network with its weights."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from .job import JobContext
from .tasks import PROJECT_FILE

CHANNELS_SHOWN = 12


def inspect_weights(
    context: JobContext,
    *,
    layer: str,
    name: str | None = None,
    weights: str | None = None,
    input_shape: tuple[int, int, int] | None = None,
    include_top: bool = False,
    run_id: str | None = None,
) -> dict[str, Any]:
    """Weights of one layer in numbers, and the first convolution's filters as pictures.

    Args:
        context: Of the job.
        layer: Name of the layer.
        name, weights, input_shape, include_top: Of a base, as for `tlcore.build_base`.
        run_id: A trained network of this session instead.

    Returns:
        `tensors` (list of `tlcore.explanation.WeightStatistics`), `filters` (`uint8 (n, h, w, 3)`).
    """
    from ..explanation import first_layer_filters, weight_statistics

    network = _network(context, run_id, name, weights, input_shape, include_top)
    return {"tensors": weight_statistics(network, layer), "filters": first_layer_filters(network)}


def inspect_activations(
    context: JobContext,
    *,
    image: bytes,
    layer: str,
    row: int = 0,
    column: int = 0,
    channel: int | None = None,
    file_name: str = "image",
    name: str | None = None,
    weights: str | None = None,
    input_shape: tuple[int, int, int] | None = None,
    include_top: bool = False,
    run_id: str | None = None,
) -> dict[str, Any]:
    """What a layer answers to an image, and how one of its numbers comes about.

    Args:
        context: Of the job.
        image: An encoded picture.
        layer: Name of the layer.
        row, column: Place of the number; moved to the nearest place that the layer has.
        channel: Channel of the number; None for the most active one.
        file_name: Of the image, for messages.
        name, weights, input_shape, include_top: Of a base, as for `tlcore.build_base`.
        run_id: A trained network of this session instead.

    Returns:
        `channels` (list of `ChannelActivity`, the most active first), `pictures` (`uint8 (n, h, w)`, in that order),
        `shape` of the output, `arithmetic` (`tlcore.explanation.Arithmetic`, None for layers without a kernel).
    """
    from ..datasets import decode_image
    from ..errors import InvalidArgumentError
    from ..explanation import feature_maps, layer_arithmetic, map_pictures, most_active_channels

    network = _network(context, run_id, name, weights, input_shape, include_top)
    model = getattr(network, "model", network)
    height, width = model.input_shape[1:3]
    pixels = decode_image(image, image_size=(height, width), name=file_name)
    maps = feature_maps(network, pixels, layer)  # (h, w, c)
    active = most_active_channels(maps, count=CHANNELS_SHOWN)
    place = (min(row, maps.shape[0] - 1), min(column, maps.shape[1] - 1))
    chosen = active[0].channel if channel is None else min(channel, maps.shape[2] - 1)
    try:
        arithmetic = layer_arithmetic(network, pixels, layer, *place, chosen)
    except InvalidArgumentError:  # a layer of a kind that has no kernel, such as a pooling
        arithmetic = None
    return {
        "channels": active,
        "pictures": map_pictures(maps[..., [entry.channel for entry in active]]),
        "shape": maps.shape,
        "arithmetic": arithmetic,
    }


def _network(
    context: JobContext,
    run_id: str | None,
    name: str | None,
    weights: str | None,
    input_shape: tuple[int, int, int] | None,
    include_top: bool,
) -> Any:
    from .networks import trained_run

    if run_id is not None:
        return trained_run(context.store.path("runs", run_id, PROJECT_FILE))
    return _base(str(name), weights, tuple(input_shape or (224, 224, 3)), include_top)


@lru_cache(maxsize=1)
def _base(name: str, weights: str | None, input_shape: tuple[int, int, int], include_top: bool) -> Any:
    """The base that was looked at last; read only."""
    from ..models import build_base

    return build_base(name, input_shape=input_shape, weights=weights, include_top=include_top)
