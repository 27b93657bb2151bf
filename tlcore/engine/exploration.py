"""The tasks that look into the features of a set of images: channels, map of points, nearest neighbours.

Every task is told the same subject: `base`, `weights` and `data`. The features of its images at all layers come from
one pass through the base, which `survey_features` makes with its progress shown; they lie in the features cache, where
the other tasks find them at once (or make them again if they had to go).

An image is named by its place: its number in training, validation and test images, counted through. A photo is either
`{"place": 12}` or a person's own file, `{"image": bytes, "file_name": str}`.
"""

from __future__ import annotations

import time
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InvalidArgumentError
from ..translatable import N_
from .job import JobContext
from .numbered import NumberedImages, thumbnail
from .tasks import _progress, read

if TYPE_CHECKING:
    from ..features.survey import LayerFeatures, LayerSurvey

CHANNELS_SHOWN = 24
STRONGEST_SHOWN = 8
PLACES_SHOWN = 24
NEIGHBOURS_COUNTED = 5  # of each image, for how well a layer tells the classes apart
MOST_POINTS = 1000
_SEED = 0  # of random weights: the same network in every worker


def survey_features(context: JobContext, *, base: str, weights: str | None, data: dict[str, Any]) -> dict[str, Any]:
    """Runs a base over all images of a set and keeps what its layers answer.

    Returns:
        `subject` (`base`, `weights`, `data` as asked), `layers` (dicts of `name`, `shape`), `count` of images,
        `seconds`.
    """
    started = time.perf_counter()
    images = NumberedImages(read(context, data))
    survey = _survey(base, weights, images.size)
    _features(context, survey, images)
    return {
        "subject": {"base": base, "weights": weights, "data": data},
        "layers": [{"name": name, "shape": list(shape)} for name, shape in survey.shapes.items()],
        "count": len(images.labels),
        "seconds": time.perf_counter() - started,
    }


def photo_channels(
    context: JobContext, *, base: str, weights: str | None, data: dict[str, Any], layer: str, photo: dict[str, Any]
) -> dict[str, Any]:
    """What all channels of a layer answer to one photo.

    Returns:
        `photo` (PNG of what the base saw), `place` and `label` (None for an own photo), `shape` of the output,
        `channels` (all, as `tlcore.explanation.ChannelActivity`, the most active first), `pictures`
        (`uint8 (n, h, w)` of the first `CHANNELS_SHOWN` of them).
    """
    from ..explanation import feature_maps, most_active_channels

    images = NumberedImages(read(context, data))
    pixels = images.photo(photo)
    maps = feature_maps(_survey(base, weights, images.size).base, pixels, layer)  # (h, w, c)
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
    from ..explanation import overlay_heat

    images = NumberedImages(read(context, data))
    survey = _survey(base, weights, images.size)
    features = _at(_features(context, survey, images), layer)
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


def project_set(
    context: JobContext, *, base: str, weights: str | None, data: dict[str, Any], layer: str, method: str
) -> dict[str, Any]:
    """The images of a set as points, by their features at a layer.

    Returns:
        `points` (`float32 (n, 2)`), `places`, `labels` and `splits` of the points, `explained` as
        `tlcore.features.projection.Projection`, `channels` that each image was described by; `agreement` of each
        image's `neighbours` nearest ones with its class, and what it would be `by_chance`; `total` images of the set.
    """
    from ..features.neighbours import agreement_by_chance, neighbour_agreement
    from ..features.projection import project

    images = NumberedImages(read(context, data))
    features = _at(_features(context, _survey(base, weights, images.size), images), layer).mean
    total = len(features)
    places = np.unique(np.linspace(0, total - 1, min(total, MOST_POINTS)).round().astype(np.int64))
    features, labels = np.asarray(features[places]), images.labels[places]
    report = _progress(context, N_("placing the points"))
    report(0, 1)
    projection = project(features, method=method, cache=True)  # type: ignore[arg-type]
    report(1, 1)
    return {
        "points": projection.points,
        "places": places.tolist(),
        "labels": labels.tolist(),
        "splits": [images.splits[place] for place in places],
        "explained": projection.explained,
        "channels": features.shape[1],
        "neighbours": min(NEIGHBOURS_COUNTED, len(places) - 1),
        "agreement": neighbour_agreement(features, labels, count=NEIGHBOURS_COUNTED),
        "by_chance": agreement_by_chance(labels),
        "total": total,
    }


def nearest_images(
    context: JobContext,
    *,
    base: str,
    weights: str | None,
    data: dict[str, Any],
    layer: str,
    photo: dict[str, Any],
    measure: str,
    count: int,
) -> dict[str, Any]:
    """The images of a set that are nearest to a photo in the features of a layer; the photo itself is left out.

    Returns:
        `photo`, `place` and `label` as `photo_channels`; `images`: dicts of `place`, `label`, `source`, `png`,
        `similarity`, `distance`, the nearest first; `channels` that each image was described by; `counts` of images
        by class among which was searched.
    """
    from ..features.neighbours import nearest_neighbours

    images = NumberedImages(read(context, data))
    survey = _survey(base, weights, images.size)
    features = _at(_features(context, survey, images), layer).mean
    place = photo.get("place")
    pixels = images.photo(photo)
    query = features[place] if place is not None else _at(survey.of_photo(pixels), layer).mean[0]
    found = nearest_neighbours(features, query, count=count, measure=measure, leave_out=place)  # type: ignore[arg-type]
    others = np.delete(images.labels, place) if place is not None else images.labels
    return {
        **images.facts(photo),
        "photo": thumbnail(pixels),
        "images": [
            {**images.shown(near.place), "similarity": near.similarity, "distance": near.distance} for near in found
        ],
        "channels": features.shape[1],
        "counts": np.bincount(others, minlength=images.num_classes).tolist(),
    }


def show_places(context: JobContext, *, data: dict[str, Any], places: list[int]) -> list[dict[str, Any]]:
    """Images of a set, to look at; at most `PLACES_SHOWN` dicts of `place`, `label`, `source`, `png`."""
    images = NumberedImages(read(context, data))
    return [images.shown(place) for place in places[:PLACES_SHOWN]]


@lru_cache(maxsize=1)
def _survey(base: str, weights: str | None, image_size: tuple[int, int]) -> LayerSurvey:
    """The base that was looked at last, with its layers; read only."""
    import keras

    from ..features.survey import LayerSurvey, feature_layers
    from ..models import build_base

    keras.utils.set_random_seed(_SEED)
    network = build_base(base, input_shape=(*image_size, 3), weights=weights)
    return LayerSurvey(network, feature_layers(base))


def _features(context: JobContext, survey: LayerSurvey, images: NumberedImages) -> dict[str, LayerFeatures]:
    return survey.of(images.all, progress=_progress(context, N_("looking at all images")))


def _at(features: dict[str, LayerFeatures], layer: str) -> LayerFeatures:
    if layer not in features:
        raise InvalidArgumentError(
            N_("Expected `layer` to be one of {names}. Received: {value!r}. Choose one of them."),
            names=list(features),
            value=layer,
        )
    return features[layer]


def _channel_maps(base: Any, batch: NDArray[np.uint8], layer: str, channel: int) -> NDArray[np.float32]:
    """The map of one channel for a few images, `(n, h, w)`."""
    from ..features.extraction import up_to_layer

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
