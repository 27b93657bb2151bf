"""A layer of a network, looked into: its weights, what it answers to a photo, how one number comes about."""

from __future__ import annotations

from typing import Any

from ..job import JobContext
from .networks import open_network

CHANNELS_SHOWN = 12


def inspect_weights(
    context: JobContext,
    *,
    layer: str,
    with_filters: bool = True,
    run_id: str | None = None,
    **base: Any,
) -> dict[str, Any]:
    """Weights of one layer in numbers, and the first convolution's filters as pictures.

    Args:
        context: Of the job.
        layer: Name of the layer.
        with_filters: Whether the filters are wanted too.
        run_id: A trained network of this session.
        **base: Of a base instead: name, weights, input_shape, include_top, num_classes, pooling, as for
            `tlcore.build_base`.

    Returns:
        `tensors` (list of `tlcore.explanation.WeightStatistics`), `filters` (`uint8 (n, h, w, 3)`, or None).
    """
    from ...explanation import first_layer_filters, weight_statistics

    network = open_network(context, run_id=run_id, **base)
    filters = first_layer_filters(network) if with_filters else None
    return {"tensors": weight_statistics(network, layer), "filters": filters}


def inspect_activations(
    context: JobContext,
    *,
    image: bytes,
    layer: str,
    row: int = 0,
    column: int = 0,
    channel: int | None = None,
    file_name: str = "image",
    run_id: str | None = None,
    **base: Any,
) -> dict[str, Any]:
    """What a layer answers to an image, and how one of its numbers comes about.

    Args:
        context: Of the job.
        image: An encoded picture.
        layer: Name of the layer.
        row, column: Place of the number; moved to the nearest place that the layer has.
        channel: Channel of the number; None for the most active one.
        file_name: Of the image, for messages.
        run_id: A trained network of this session.
        **base: Of a base instead: name, weights, input_shape, include_top, num_classes, pooling, as for
            `tlcore.build_base`.

    Returns:
        `channels` (list of `ChannelActivity`, the most active first), `pictures` (`uint8 (n, h, w)`, in that order),
        `shape` of the output, `photo` as the network gets it (`uint8 (H, W, 3 or 1)`), `chosen` (`ChannelActivity` of
        the number's channel), `picture` of that channel (`uint8 (h, w)`), `row`, `column` and `value` of the number,
        `arithmetic` (`tlcore.explanation.Arithmetic`, None for layers whose outputs are no sum of products).
    """
    from ...datasets import decode_image
    from ...explanation import channel_activity, feature_maps, map_pictures, most_active_channels

    network = open_network(context, run_id=run_id, **base)
    model = getattr(network, "model", network)
    height, width = model.input_shape[1:3]
    pixels = _with_channels(decode_image(image, image_size=(height, width), name=file_name), model.input_shape[3])
    maps = feature_maps(network, pixels, layer)  # (h, w, c)
    active = most_active_channels(maps, count=CHANNELS_SHOWN)
    place = (min(row, maps.shape[0] - 1), min(column, maps.shape[1] - 1))
    chosen = active[0].channel if channel is None else min(channel, maps.shape[2] - 1)
    return {
        "channels": active,
        "pictures": map_pictures(maps[..., [entry.channel for entry in active]]),
        "shape": maps.shape,
        "photo": pixels,
        "chosen": channel_activity(maps, chosen),
        "picture": map_pictures(maps[..., [chosen]])[0],
        "row": place[0],
        "column": place[1],
        "value": float(maps[(*place, chosen)]),
        "arithmetic": _arithmetic(network, pixels, layer, (*place, chosen)),
    }


def _arithmetic(network: Any, pixels: Any, layer: str, place: tuple[int, int, int]) -> Any:
    """None for a layer of a type that is no sum of products, such as a pooling."""
    from ...explanation import has_arithmetic, layer_arithmetic

    return layer_arithmetic(network, pixels, layer, *place) if has_arithmetic(network, layer) else None


def _with_channels(pixels: Any, channels: int) -> Any:
    """A colour image `uint8 (H, W, 3)` as grey `(H, W, 1)` where the network takes one channel."""
    from PIL import Image

    if channels != 1:
        return pixels
    import numpy as np

    return np.asarray(Image.fromarray(pixels).convert("L"))[..., np.newaxis]
