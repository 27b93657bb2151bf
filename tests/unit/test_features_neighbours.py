"""Nearest neighbours and the measures taken from them against counting by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tlcore.errors import InvalidArgumentError
from tlcore.features.neighbours import (
    agreement_by_chance,
    nearest_neighbours,
    neighbour_agreement,
)


@pytest.fixture(scope="module")
def features() -> NDArray[np.float32]:
    return np.random.default_rng(0).random((30, 7)).astype(np.float32)


@pytest.mark.parametrize("measure", ["cosine", "euclidean"])
def test_neighbours_are_the_nearest_by_hand(measure: Any, features: NDArray[np.float32]) -> None:
    query = features[4] + np.float32(0.01)
    similarity = features @ query / (np.linalg.norm(features, axis=1) * np.linalg.norm(query))
    distance = np.linalg.norm(features - query, axis=1)
    nearest = nearest_neighbours(features, query, count=6, measure=measure)
    places = np.argsort(-similarity if measure == "cosine" else distance)[:6]
    assert [near.index for near in nearest] == places.tolist()
    np.testing.assert_allclose([near.similarity for near in nearest], similarity[places], atol=1e-6)
    np.testing.assert_allclose([near.distance for near in nearest], distance[places], atol=1e-6)


def test_an_image_of_the_set_is_not_its_own_neighbour(features: NDArray[np.float32]) -> None:
    ours = nearest_neighbours(features, features[9], count=99, leave_out=9)
    assert len(ours) == 29
    assert 9 not in [near.index for near in ours]


def test_twins_are_at_no_distance(features: NDArray[np.float32]) -> None:
    twins = np.concatenate([features, 2 * features[:1]])
    nearest = nearest_neighbours(twins, twins[0], count=1, leave_out=0)[0]
    assert (nearest.index, nearest.similarity) == (30, pytest.approx(1.0))
    assert nearest.distance == pytest.approx(np.linalg.norm(features[0]), abs=1e-5)


def test_features_without_a_direction_are_like_nothing() -> None:
    nearest = nearest_neighbours(np.eye(3, dtype=np.float32), np.zeros(3, np.float32), count=3)
    assert [(near.similarity, near.distance) for near in nearest] == [(0.0, 1.0)] * 3


def test_copies_of_an_image_are_its_neighbours_and_it_is_not(features: NDArray[np.float32]) -> None:
    copies = np.repeat(features[:10], 3, axis=0)
    assert neighbour_agreement(copies, np.repeat(np.arange(10), 3), count=2) == 1.0


@pytest.mark.parametrize("measure", ["cosine", "euclidean"])
def test_agreement_is_the_share_of_neighbours_of_the_same_class(measure: Any, features: NDArray[np.float32]) -> None:
    labels = np.random.default_rng(1).integers(0, 3, len(features))
    by_hand = [
        labels[near.index] == labels[row]
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
