"""The channels of a layer: what they answer to a photo, and which images activate one most."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..job import JobContext
from .datasets import read
from .features import features_at, features_of, survey_of
from .image_index import ImageIndex, thumbnail

CHANNELS_SHOWN = 24
STRONGEST_SHOWN = 8


def photo_channels(
    context: JobContext, *, base: str, weights: str | None, data: dict[str, Any], layer: str, photo: dict[str, Any]
) -> dict[str, Any]:
    """What all channels of a layer answer to one photo.

    Returns:
        `photo` (PNG of what the base saw), `place` and `label` (None for an own photo), `shape` of the output,
        `channels` (all, as `tlcore.explanation.ChannelActivity`, the most active first), `pictures`
        (`uint8 (n, h, w)` of the first `CHANNELS_SHOWN` of them).
    """
    from ...explanation import feature_maps, most_active_channels

    images = ImageIndex(read(context, data))
    pixels = images.photo(photo)
    maps = feature_maps(survey_of(base, weights, images.size).base, pixels, layer)  # (h, w, c)
    active = most_active_channels(maps, count=maps.shape[2])
    return {
        **images.facts(photo),
        "photo": thumbnail(pixels),
        "shape": list(maps.shape),
        "channels": active,
        "pictures": _grey(maps[..., [entry.channel for entry in active[:CHANNELS_SHOWN]]]),
    }


def channel_in_set(
    context: JobContext,
    *,
    base: str,
    weights: str | None,
    data: dict[str, Any],
    layer: str,
    channel: int,
    photo: dict[str, Any],
) -> dict[str, Any]:
    """One channel closely: where it answers in a photo, and which images of the set activate it most.

    Returns:
        `photo`: dict of `value` and `where` (PNG: the photo with the channel's map over it). `images`: dicts of
        `place`, `label`, `source`, `png`, `where`, `value` (the channel's highest value in that image), the highest
        first. All `where` share one scale. `mean_value` over the set.
    """
    from ...explanation import overlay_heat

    images = ImageIndex(read(context, data))
    survey = survey_of(base, weights, images.size)
    features = features_at(features_of(context, survey, images), layer)
    values, means = features.highest[:, channel], features.mean[:, channel]  # (N,)
    order = np.lexsort((-means, -values))  # of equally high ones (ReLU6 ends at 6) the one that is high in more places
    places = [int(place) for place in order[:STRONGEST_SHOWN]]
    pixels = [images.photo(photo), *(images.pixels(place) for place in places)]
    maps = _channel_maps(survey.base, np.stack(pixels), layer, channel)  # (n, h, w)
    scale = max(float(maps.max()), 1e-12)
    where = [
        thumbnail(overlay_heat(seen, _resized(np.clip(heat / scale, 0, 1), images.size), opacity=0.6))
        for seen, heat in zip(pixels, maps, strict=True)
    ]
    strongest = [
        {**images.shown(place), "where": heat, "value": float(values[place])}
        for place, heat in zip(places, where[1:], strict=True)
    ]
    return {
        "photo": {"value": float(maps[0].max()), "where": where[0]},
        "images": strongest,
        "mean_value": float(values.mean()),
    }


def _channel_maps(base: Any, batch: NDArray[np.uint8], layer: str, channel: int) -> NDArray[np.float32]:
    """The map of one channel for a few images, `(n, h, w)`."""
    from ...features.running import up_to_layer

    maps = up_to_layer(base, layer)(batch.astype(np.float32), training=False)  # (n, h, w, c)
    return np.asarray(maps[..., channel], np.float32)


def _grey(maps: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Maps `(h, w, n)` as pictures `(n, h, w)`: black is 0 or less, white each map's own highest value."""
    highest = maps.max(axis=(0, 1))
    shares = np.clip(maps / np.where(highest > 0, highest, 1), 0, 1)
    return np.asarray(np.rint(255 * shares), np.uint8).transpose(2, 0, 1)


def _resized(heat: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float32]:
    """A map in the size of its image, smoothly, without values outside [0, 1]."""
    from PIL import Image

    height, width = size
    enlarged = Image.fromarray(heat).resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(enlarged, np.float32)
