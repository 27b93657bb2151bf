"""The channels of a layer: what they answer to a photo, and which images activate one most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..job import JobContext
from .datasets import read
from .features import features_at, features_of, survey_of
from .image_index import ImageIndex, ShownImage, ShownPhoto, thumbnail
from .references import FeatureSubject, PhotoReference

if TYPE_CHECKING:
    from ...explanation import ChannelActivity

CHANNELS_SHOWN = 24
STRONGEST_SHOWN = 8


@dataclass(frozen=True, slots=True, eq=False)
class PhotoChannels:
    """What all channels of a layer answer to one photo.

    Attributes:
        photo: The photo.
        shape: (height, width, channels) of the layer's output.
        channels: All, the most active first.
        pictures: Maps of the first `CHANNELS_SHOWN` of them, `uint8 (n, h, w)`: black is 0 or less, white each map's
            own highest value.
    """

    photo: ShownPhoto
    shape: tuple[int, int, int]
    channels: tuple[ChannelActivity, ...]
    pictures: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class ChannelHeat:
    """Where a channel answers in a picture.

    Attributes:
        value: The channel's highest value there.
        png: The picture with the channel's map over it.
    """

    value: float
    png: bytes


@dataclass(frozen=True, slots=True)
class ActivatingImage:
    """An image of the set that activates a channel."""

    image: ShownImage
    heat: ChannelHeat


@dataclass(frozen=True, slots=True)
class ChannelInSet:
    """One channel closely. All maps share one scale.

    Attributes:
        photo: Where it answers in the photo.
        images: Those of the set that activate it most, the highest value first.
        mean_value: Mean over the set of its highest value in an image.
    """

    photo: ChannelHeat
    images: tuple[ActivatingImage, ...]
    mean_value: float


def photo_channels(context: JobContext, *, subject: FeatureSubject, layer: str, photo: PhotoReference) -> PhotoChannels:
    """What all channels of a layer answer to one photo."""
    from ...explanation import feature_maps, most_active_channels

    images = ImageIndex(read(context, subject.data))
    maps = feature_maps(survey_of(subject, images).base, images.photo(photo), layer)  # (h, w, c)
    active = most_active_channels(maps, count=maps.shape[2])
    shown = [entry.channel for entry in active[:CHANNELS_SHOWN]]
    return PhotoChannels(images.shown_photo(photo), maps.shape, tuple(active), _grey(maps[..., shown]))


def channel_in_set(
    context: JobContext, *, subject: FeatureSubject, layer: str, channel: int, photo: PhotoReference
) -> ChannelInSet:
    """One channel closely: where it answers in a photo, and which images of the set activate it most."""
    images = ImageIndex(read(context, subject.data))
    survey = survey_of(subject, images)
    features = features_at(features_of(context, subject, images), layer)
    values, means = features.highest[:, channel], features.mean[:, channel]  # (N,)
    order = np.lexsort((-means, -values))  # of equally high ones (ReLU6 ends at 6) the one that is high in more places
    strongest = [int(index) for index in order[:STRONGEST_SHOWN]]
    pixels = np.stack([images.photo(photo), *(images.pixels(index) for index in strongest)])  # (n, H, W, 3)
    maps = _channel_maps(survey.base, pixels, layer, channel)  # (n, h, w)
    pictures = _heat_pictures(pixels, maps)
    return ChannelInSet(
        photo=ChannelHeat(float(maps[0].max()), pictures[0]),
        images=tuple(
            ActivatingImage(images.shown(index), ChannelHeat(float(values[index]), picture))
            for index, picture in zip(strongest, pictures[1:], strict=True)
        ),
        mean_value=float(values.mean()),
    )


def _channel_maps(base: Any, batch: NDArray[np.uint8], layer: str, channel: int) -> NDArray[np.float32]:
    """The map of one channel for a few images, `(n, h, w)`."""
    from ...features.running import up_to_layer

    maps = up_to_layer(base, layer)(batch.astype(np.float32), training=False)  # (n, h, w, c)
    return np.asarray(maps[..., channel], np.float32)


def _heat_pictures(pixels: NDArray[np.uint8], maps: NDArray[np.float32]) -> list[bytes]:
    """Images `(n, H, W, 3)` with their maps `(n, h, w)` over them, by one scale for all."""
    from ...explanation import overlay_heat

    scale, (height, width) = max(float(maps.max()), 1e-12), pixels.shape[1:3]
    heats = [_resized(np.clip(heat / scale, 0, 1), (height, width)) for heat in maps]
    return [thumbnail(overlay_heat(seen, heat, opacity=0.6)) for seen, heat in zip(pixels, heats, strict=True)]


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
