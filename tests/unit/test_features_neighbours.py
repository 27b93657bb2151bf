"""Nearest neighbours against scikit-learn, and the measures taken from them against counting by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tlcore.errors import InvalidArgumentError
from tlcore.features.neighbours import (
    agreement_by_chance,
    cosine_similarity,
    nearest_neighbours,
    neighbour_agreement,
)


@pytest.fixture(scope="module")
def features() -> NDArray[np.float32]:
    return np.random.default_rng(0).random((30, 7)).astype(np.float32)


@pytest.mark.parametrize("measure", ["cosine", "euclidean"])
def test_neighbours_are_those_of_scikit_learn(measure: Any, features: NDArray[np.float32]) -> None:
    from sklearn.neighbors import NearestNeighbors

    query = features[4] + np.float32(0.01)
    ours = nearest_neighbours(features, query, count=6, measure=measure)
    distances, places = NearestNeighbors(n_neighbors=6, metric=measure).fit(features).kneighbors(query[np.newaxis])
    assert [near.place for near in ours] == places[0].tolist()
    values = [1 - near.similarity if measure == "cosine" else near.distance for near in ours]
    np.testing.assert_allclose(values, distances[0], atol=1e-5)


def test_an_image_of_the_set_is_not_its_own_neighbour(features: NDArray[np.float32]) -> None:
    ours = nearest_neighbours(features, features[9], count=99, leave_out=9)
    assert len(ours) == 29
    assert 9 not in [near.place for near in ours]


def test_twins_are_at_no_distance(features: NDArray[np.float32]) -> None:
    twins = np.concatenate([features, 2 * features[:1]])
    nearest = nearest_neighbours(twins, twins[0], count=1, leave_out=0)[0]
    assert (nearest.place, nearest.similarity) == (30, pytest.approx(1.0))
    assert nearest.distance == pytest.approx(np.linalg.norm(features[0]), abs=1e-5)


def test_features_without_a_direction_are_like_nothing() -> None:
    assert cosine_similarity(np.zeros((1, 3)), np.ones((2, 3))).tolist() == [[0.0, 0.0]]


@pytest.mark.parametrize("measure", ["cosine", "euclidean"])
def test_agreement_is_the_share_of_neighbours_of_the_same_class(measure: Any, features: NDArray[np.float32]) -> None:
    labels = np.random.default_rng(1).integers(0, 3, len(features))
    by_hand = [
        labels[near.place] == labels[row]
        for row in range(len(features))
        for near in nearest_neighbours(features, features[row], count=5, measure=measure, leave_out=row)
    ]
    assert neighbour_agreement(features, labels, count=5, measure=measure) == pytest.approx(np.mean(by_hand))


def test_chance_is_what_shuffled_labels_give(features: NDArray[np.float32]) -> None:
    generator = np.random.default_rng(2)
    labels = np.repeat([0, 1, 2], [18, 8, 4])
    shuffled = [neighbour_agreement(features, generator.permutation(labels), count=5) for _ in range(300)]
    assert agreement_by_chance(labels) == pytest.approx((18 * 17 + 8 * 7 + 4 * 3) / (30 * 29))
    assert np.mean(shuffled) == pytest.approx(agreement_by_chance(labels), abs=0.02)


@pytest.mark.parametrize("arguments", [{"measure": "manhattan"}, {"count": 0}, {"query": np.zeros(6, np.float32)}])
def test_what_cannot_be_compared_is_refused(arguments: dict[str, Any], features: NDArray[np.float32]) -> None:
    with pytest.raises(InvalidArgumentError):
        nearest_neighbours(features, **{"query": features[0], **arguments})
