"""Which images are alike for a base: nearest neighbours in feature space."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from tlcore.errors import InvalidArgumentError
from tlcore.translatable import N_

Measure = Literal["cosine", "euclidean"]


@dataclass(frozen=True)
class Neighbour:
    """One image near another.

    Attributes:
        index: Its row in the features.
        similarity: Cosine of the angle between both descriptions, [-1, 1]; 1 is the same direction.
        distance: Euclidean distance between them, 0 for equal ones.
    """

    index: int
    similarity: float
    distance: float


def nearest_neighbours(
    features: NDArray[np.float32],
    query: NDArray[np.float32],
    *,
    count: int = 8,
    measure: Measure = "cosine",
    leave_out: int | None = None,
) -> list[Neighbour]:
    """The images whose features are nearest to those of one image, nearest first.

    Args:
        features: `float32 (N, channels)`.
        query: `float32 (channels,)`.
        count: How many at most.
        measure: "cosine" compares the mix of channels and leaves out how strongly all of them answer together;
            "euclidean" counts that too.
        leave_out: Row that may not be an answer: the image itself, if it is one of the set.

    Raises:
        InvalidArgumentError: Shapes that do not fit, another measure, `count` below 1.

    Source: Cover & Hart, Nearest neighbor pattern classification, 1967.
    """
    _check(features, measure, count)
    if query.shape != features.shape[1:]:
        raise InvalidArgumentError(
            N_(
                "Expected `query` to have {channels} numbers, as each row of the features. Received: the shape {shape}."
            ),
            channels=features.shape[1],
            shape=query.shape,
        )
    rows, asked = features.astype(np.float64), query[np.newaxis].astype(np.float64)
    wanted = min(count + (leave_out is not None), len(rows))
    nearest = _fitted(rows, wanted, measure).kneighbors(asked, return_distance=False)[0]
    chosen = [int(index) for index in nearest if index != leave_out][:count]
    return [
        Neighbour(index, similarity, distance)
        for index, similarity, distance in zip(chosen, *_closeness(rows[chosen], asked), strict=True)
    ]


def neighbour_agreement(
    features: NDArray[np.float32], labels: NDArray[np.int64], *, count: int = 5, measure: Measure = "cosine"
) -> float:
    """How well a layer tells the classes apart: the share of each image's nearest neighbours that are of its class.

    Each image is compared with all others but itself. Compare the result with `agreement_by_chance`.

    Args:
        features: `float32 (N, channels)`, N at least 2.
        labels: `int (N,)`.
        count: Neighbours of each image; at most the N - 1 there are.
        measure: As for `nearest_neighbours`.

    Returns:
        Mean over all images, [0, 1].

    Raises:
        InvalidArgumentError: As for `nearest_neighbours`.
    """
    _check(features, measure, count)
    fitted = _fitted(features.astype(np.float64), min(count, len(features) - 1), measure)
    nearest = fitted.kneighbors(return_distance=False)  # (N, count); of the rows themselves, none its own neighbour
    return float(np.mean(labels[nearest] == labels[:, np.newaxis]))


def agreement_by_chance(labels: NDArray[np.int64]) -> float:
    """What `neighbour_agreement` would be if the neighbours were drawn at random among the other images."""
    counts = np.bincount(labels).astype(np.float64)
    return float((counts * (counts - 1)).sum() / (len(labels) * (len(labels) - 1)))


def _fitted(rows: NDArray[np.float64], count: int, measure: Measure) -> Any:
    from sklearn.neighbors import NearestNeighbors

    return NearestNeighbors(n_neighbors=count, metric=measure, algorithm="brute").fit(rows)


def _closeness(rows: NDArray[np.float64], asked: NDArray[np.float64]) -> tuple[list[float], list[float]]:
    """Cosine similarity and Euclidean distance of each row to `asked`; a row of zeros is similar to none."""
    from sklearn.metrics.pairwise import cosine_similarity, paired_euclidean_distances

    similarity = np.clip(cosine_similarity(rows, asked)[:, 0], -1.0, 1.0)
    distance = paired_euclidean_distances(rows, np.repeat(asked, len(rows), axis=0))
    return similarity.tolist(), distance.tolist()


def _check(features: NDArray[Any], measure: str, count: int) -> None:
    if measure not in get_args(Measure):
        raise InvalidArgumentError(
            N_("Expected `measure` to be 'cosine' or 'euclidean'. Received: {value!r}. Choose one of them."),
            value=str(measure),
        )
    if features.ndim != 2 or len(features) < 2 or count < 1:
        raise InvalidArgumentError(
            N_(
                "Expected features of the shape (images, channels) of at least 2 images, and `count` of at least 1. "
                "Received: the shape {shape}, {count}."
            ),
            shape=features.shape,
            count=count,
        )
