"""A set of images in the space of a layer's features: as points, and who is near whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ...translatable import N_
from ..job import JobContext
from .datasets import read
from .features import features_at, features_of, survey_of
from .image_index import ImageIndex, ShownImage, ShownPhoto
from .references import FeatureSubject, PhotoReference

if TYPE_CHECKING:
    from ...features.neighbours import Measure
    from ...features.projection import Method

NEIGHBOURS_COUNTED = 5  # of each image, for how well a layer tells the classes apart
MOST_POINTS = 1000


@dataclass(frozen=True, slots=True, eq=False)
class ProjectedSet:
    """The images of a set as points, near one another where their features are alike.

    Attributes:
        points: `float32 (n, 2)`.
        indices: Of each point's image, see `ImageIndex`.
        labels: Of each point's image.
        splits: Name of the split of each point's image.
        explained: Share of the features' variance along each axis, in [0, 1]; None for t-SNE.
        channels: That each image was described by.
        neighbours: How many nearest images of each were looked at.
        agreement: Share of them that are of the image's own class, in [0, 1].
        by_chance: What that share would be for images at random positions.
        total: Images of the set; fewer are shown of a large one.
    """

    points: NDArray[np.float32]
    indices: tuple[int, ...]
    labels: tuple[int, ...]
    splits: tuple[str, ...]
    explained: tuple[float, float] | None
    channels: int
    neighbours: int
    agreement: float
    by_chance: float
    total: int


@dataclass(frozen=True, slots=True)
class NearImage:
    """An image of the set near the photo.

    Attributes:
        image: The image.
        similarity: Cosine of the angle between both descriptions, [-1, 1].
        distance: Euclidean distance between them.
    """

    image: ShownImage
    similarity: float
    distance: float


@dataclass(frozen=True, slots=True)
class NearestImages:
    """The images of a set that are nearest to a photo.

    Attributes:
        photo: The photo.
        images: The nearest first.
        channels: That each image was described by.
        counts: Images of each class among which was searched.
    """

    photo: ShownPhoto
    images: tuple[NearImage, ...]
    channels: int
    counts: tuple[int, ...]


def project_set(context: JobContext, *, subject: FeatureSubject, layer: str, method: Method) -> ProjectedSet:
    """The images of a set as points, by their features at a layer."""
    from ...features.neighbours import agreement_by_chance, neighbour_agreement
    from ...features.projection import project

    images = ImageIndex(read(context, subject.data))
    features = features_at(features_of(context, subject, images), layer).mean
    total = len(features)
    indices = np.unique(np.linspace(0, total - 1, min(total, MOST_POINTS)).round().astype(np.int64))
    features, labels = np.asarray(features[indices]), images.labels[indices]
    report = context.progress(N_("placing the points"))
    report(0, 1)
    projection = project(features, method=method, cache=True)
    report(1, 1)
    return ProjectedSet(
        points=projection.points,
        indices=tuple(indices.tolist()),
        labels=tuple(labels.tolist()),
        splits=tuple(images.splits[index] for index in indices),
        explained=projection.explained,
        channels=features.shape[1],
        neighbours=min(NEIGHBOURS_COUNTED, len(indices) - 1),
        agreement=neighbour_agreement(features, labels, count=NEIGHBOURS_COUNTED),
        by_chance=agreement_by_chance(labels),
        total=total,
    )


def nearest_images(
    context: JobContext, *, subject: FeatureSubject, layer: str, photo: PhotoReference, measure: Measure, count: int
) -> NearestImages:
    """The images of a set that are nearest to a photo in the features of a layer; the photo itself is left out."""
    from ...features.neighbours import nearest_neighbours

    images = ImageIndex(read(context, subject.data))
    survey = survey_of(subject, images)
    features = features_at(features_of(context, subject, images), layer).mean
    index, pixels = photo.index, images.photo(photo)
    query = features[index] if index is not None else features_at(survey.of_photo(pixels), layer).mean[0]
    found = nearest_neighbours(features, query, count=count, measure=measure, leave_out=index)
    others = np.delete(images.labels, index) if index is not None else images.labels
    return NearestImages(
        photo=images.shown_photo(photo),
        images=tuple(NearImage(images.shown(near.index), near.similarity, near.distance) for near in found),
        channels=features.shape[1],
        counts=tuple(np.bincount(others, minlength=images.num_classes).tolist()),
    )
