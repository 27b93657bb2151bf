"""A set of images in the space of a layer's features: as points, and who is near whom."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...translatable import N_
from ..job import JobContext
from .datasets import read
from .features import features_at, features_of, survey_of
from .image_index import ImageIndex, thumbnail

NEIGHBOURS_COUNTED = 5  # of each image, for how well a layer tells the classes apart
MOST_POINTS = 1000


def project_set(
    context: JobContext, *, base: str, weights: str | None, data: dict[str, Any], layer: str, method: str
) -> dict[str, Any]:
    """The images of a set as points, by their features at a layer.

    Returns:
        `points` (`float32 (n, 2)`), `places`, `labels` and `splits` of the points, `explained` as
        `tlcore.features.projection.Projection`, `channels` that each image was described by; `agreement` of each
        image's `neighbours` nearest ones with its class, and what it would be `by_chance`; `total` images of the set.
    """
    from ...features.neighbours import agreement_by_chance, neighbour_agreement
    from ...features.projection import project

    images = ImageIndex(read(context, data))
    features = features_at(features_of(context, survey_of(base, weights, images.size), images), layer).mean
    total = len(features)
    places = np.unique(np.linspace(0, total - 1, min(total, MOST_POINTS)).round().astype(np.int64))
    features, labels = np.asarray(features[places]), images.labels[places]
    report = context.progress(N_("placing the points"))
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
    from ...features.neighbours import nearest_neighbours

    images = ImageIndex(read(context, data))
    survey = survey_of(base, weights, images.size)
    features = features_at(features_of(context, survey, images), layer).mean
    place = photo.get("place")
    pixels = images.photo(photo)
    query = features[place] if place is not None else features_at(survey.of_photo(pixels), layer).mean[0]
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
