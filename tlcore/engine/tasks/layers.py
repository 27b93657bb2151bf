"""A layer of a network, looked into: its weights, what it answers to a photo, how one number comes about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..job import JobContext
from .networks import open_network
from .references import NetworkReference

if TYPE_CHECKING:
    from ...explanation import Arithmetic, ChannelActivity, WeightStatistics

CHANNELS_SHOWN = 12


@dataclass(frozen=True, slots=True, eq=False)
class LayerWeights:
    """The weights of one layer.

    Attributes:
        tensors: Each in numbers.
        filters: Of the network's first convolution, as pictures, `uint8 (n, h, w, 3)`; None if they were not wanted.
    """

    tensors: tuple[WeightStatistics, ...]
    filters: NDArray[np.uint8] | None


@dataclass(frozen=True, slots=True, eq=False)
class LayerActivations:
    """What a layer answers to a photo, and how one of its numbers comes about.

    Attributes:
        photo: As the network gets it, `uint8 (H, W, 3 or 1)`.
        shape: Of the layer's output, (height, width, channels).
        channels: The most active ones first.
        pictures: Their maps, `uint8 (n, h, w)`.
        chosen: The number's channel.
        picture: Its map, `uint8 (h, w)`.
        row, column: Position of the number.
        value: The number.
        arithmetic: How it comes about; None for layers whose outputs are no sum of products.
    """

    photo: NDArray[np.uint8]
    shape: tuple[int, int, int]
    channels: tuple[ChannelActivity, ...]
    pictures: NDArray[np.uint8]
    chosen: ChannelActivity
    picture: NDArray[np.uint8]
    row: int
    column: int
    value: float
    arithmetic: Arithmetic | None


def inspect_weights(
    context: JobContext, *, network: NetworkReference, layer: str, with_filters: bool = True
) -> LayerWeights:
    """Weights of one layer in numbers, and the first convolution's filters as pictures.

    Args:
        context: Of the job.
        network: Whose layer.
        layer: Its name.
        with_filters: Whether the filters are wanted too.
    """
    from ...explanation import first_layer_filters, weight_statistics

    model = open_network(context, network)
    filters = first_layer_filters(model) if with_filters else None
    return LayerWeights(tuple(weight_statistics(model, layer)), filters)


def inspect_activations(
    context: JobContext,
    *,
    network: NetworkReference,
    layer: str,
    image: bytes,
    file_name: str = "image",
    position: tuple[int, int] = (0, 0),
    channel: int | None = None,
) -> LayerActivations:
    """What a layer answers to an image, and how one of its numbers comes about.

    Args:
        context: Of the job.
        network: Whose layer.
        layer: Its name.
        image: An encoded picture.
        file_name: Of the image, for messages.
        position: (row, column) of the number; moved to the nearest one that the layer has.
        channel: Of the number; None for the most active one.
    """
    from ...explanation import channel_activity, feature_maps, map_pictures, most_active_channels

    model = open_network(context, network)
    pixels = _pixels(model, image, file_name)
    maps = feature_maps(model, pixels, layer)  # (h, w, c)
    active = most_active_channels(maps, count=CHANNELS_SHOWN)
    row, column = (min(asked, size - 1) for asked, size in zip(position, maps.shape[:2], strict=True))
    chosen = active[0].channel if channel is None else min(channel, maps.shape[2] - 1)
    return LayerActivations(
        photo=pixels,
        shape=maps.shape,
        channels=tuple(active),
        pictures=map_pictures(maps[..., [entry.channel for entry in active]]),
        chosen=channel_activity(maps, chosen),
        picture=map_pictures(maps[..., [chosen]])[0],
        row=row,
        column=column,
        value=float(maps[row, column, chosen]),
        arithmetic=_arithmetic(model, pixels, layer, (row, column, chosen)),
    )


def _arithmetic(model: Any, pixels: Any, layer: str, output: tuple[int, int, int]) -> Arithmetic | None:
    """None for a layer of a type that is no sum of products, such as a pooling."""
    from ...explanation import has_arithmetic, layer_arithmetic

    return layer_arithmetic(model, pixels, layer, *output) if has_arithmetic(model, layer) else None


def _pixels(model: Any, image: bytes, file_name: str) -> NDArray[np.uint8]:
    """An image file as the network takes it: `uint8 (H, W, 3)`, or grey `(H, W, 1)` where it takes one channel."""
    from PIL import Image

    from ...datasets import decode_image

    height, width, channels = getattr(model, "model", model).input_shape[1:]
    pixels = decode_image(image, image_size=(height, width), name=file_name)  # (H, W, 3)
    return np.asarray(Image.fromarray(pixels).convert("L"))[..., np.newaxis] if channels == 1 else pixels
