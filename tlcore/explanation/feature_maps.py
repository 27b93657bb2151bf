"""What the channels of a layer answer to an image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InvalidArgumentError
from ..translatable import N_
from .network import batch_of_one, evaluate_tensors, find_call, flat_network


@dataclass(frozen=True)
class ChannelActivity:
    """How strongly one channel answers.

    Attributes:
        channel: Its number, from 0.
        mean: Mean over the map.
        highest: Highest value of the map.
        row: Where the highest value is.
        column: Where the highest value is.
        share_active: Share of the map's positions above 0.
    """

    channel: int
    mean: float
    highest: float
    row: int
    column: int
    share_active: float


def feature_maps(model: Any, image: Any, layer: str) -> NDArray[np.float32]:
    """The output of a layer for one image.

    Args:
        model: `run.model`, a `Run`, or a base.
        image: Raw RGB, `uint8` or `float32` in [0, 255], `(H, W, 3)`.
        layer: Name of the layer.

    Returns:
        `float32 (h, w, c)`; a layer without positions, such as a dense one, gives `(1, 1, c)`.

    Raises:
        InvalidArgumentError: An image or layer that cannot be.

    Source: Zeiler & Fergus, Visualizing and Understanding Convolutional Networks, 2014; lecture, "Características".
    """
    network = flat_network(model)
    (values,) = evaluate_tensors(network, [find_call(network, layer).outputs[0]], batch_of_one(network, image))
    maps = np.asarray(values, np.float32)[0]
    return np.reshape(maps, (1,) * (3 - maps.ndim) + maps.shape)


def most_active_channels(maps: NDArray[np.float32], *, count: int = 8) -> list[ChannelActivity]:
    """The channels with the highest mean, best first.

    Args:
        maps: Of `feature_maps`, `(h, w, c)`.
        count: How many channels at most.

    Raises:
        InvalidArgumentError: If `maps` are not of three dimensions or `count` is below 1.
    """
    if maps.ndim != 3 or count < 1:
        raise InvalidArgumentError(
            N_("Expected `maps` of the shape (h, w, channels) and `count` of at least 1. Received: {shape}, {count}."),
            shape=maps.shape,
            count=count,
        )
    order = np.argsort(-maps.mean(axis=(0, 1)), kind="stable")[:count]
    return [channel_activity(maps, int(channel)) for channel in order]


def channel_activity(maps: NDArray[np.float32], channel: int) -> ChannelActivity:
    """How strongly one channel answers.

    Args:
        maps: Of `feature_maps`, `(h, w, c)`.
        channel: Its number, from 0 to c - 1.
    """
    values = maps[..., channel]
    row, column = divmod(int(np.argmax(values)), values.shape[1])
    share = float(np.mean(values > 0))
    return ChannelActivity(channel, float(values.mean()), float(values[row, column]), row, column, share)


def map_pictures(maps: NDArray[np.float32], *, each_alone: bool = True) -> NDArray[np.uint8]:
    """Maps as grey pictures.

    Args:
        maps: `(h, w, c)`.
        each_alone: Stretch each channel from its own lowest to highest value, else all by the same scale, so that
            their brightness may be compared.

    Returns:
        `uint8 (c, h, w)`.
    """
    axes = (0, 1) if each_alone else None
    low, high = maps.min(axis=axes, keepdims=True), maps.max(axis=axes, keepdims=True)
    stretched = (maps - low) / np.where(high > low, high - low, 1)
    return np.asarray(np.rint(255 * stretched), np.uint8).transpose(2, 0, 1)
