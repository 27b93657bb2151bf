"""Wrong labels that were planted are found, by classifiers that have not seen the image."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tlcore.datasets.suspects import Suspect, count_right, number_shown, rank_suspects

Points = tuple[NDArray[np.float32], NDArray[np.int64]]


@pytest.fixture
def clusters() -> Points:
    """Three classes of forty points, apart but not far."""
    random = np.random.default_rng(0)
    labels = np.arange(120) % 3
    return (random.normal(size=(120, 16)) + 8 * np.eye(16)[labels]).astype(np.float32), labels


def test_planted_labels_come_first_with_the_true_one_suggested(clusters: Points) -> None:
    features, labels = clusters
    planted = np.arange(0, 120, 10)
    wrong = labels.copy()
    wrong[planted] = (wrong[planted] + 1) % 3
    ranked = rank_suspects(features, wrong, num_classes=3)
    first = ranked[: len(planted)]
    assert {suspect.place for suspect in first} == set(planted.tolist())
    assert all(suspect.suggested == labels[suspect.place] for suspect in first)
    assert all(suspect.label == wrong[suspect.place] for suspect in first)
    assert all(suspect.is_disagreement for suspect in first)
    assert [suspect.margin for suspect in ranked] == sorted(suspect.margin for suspect in ranked)
    assert sorted(suspect.place for suspect in ranked) == list(range(120))


def test_an_image_is_not_judged_by_a_classifier_that_has_learned_its_label(clusters: Points) -> None:
    """Numbers that say nothing: whoever has seen an image may know its label by heart, who has not cannot."""
    _, labels = clusters
    noise = np.random.default_rng(1).normal(size=(120, 300)).astype(np.float32)
    assert count_right(noise, labels, noise, labels) > 110
    agreeing = [suspect for suspect in rank_suspects(noise, labels, num_classes=3) if not suspect.is_disagreement]
    assert len(agreeing) < 60


def test_right_labels_are_left_alone_and_a_class_without_images_is_no_obstacle(clusters: Points) -> None:
    features, labels = clusters
    ranked = rank_suspects(features, labels + (labels == 2), num_classes=4)
    assert sum(suspect.is_disagreement for suspect in ranked) <= 2
    assert {suspect.label for suspect in ranked} == {0, 1, 3}
    assert not any(suspect.suggested == 2 for suspect in ranked)


def test_without_enough_images_nothing_is_doubted(clusters: Points) -> None:
    features, _ = clusters
    assert rank_suspects(features[:4], np.array([0, 0, 0, 1]), num_classes=2) == []
    assert rank_suspects(features[:4], np.array([0, 0, 0, 0]), num_classes=2) == []
    assert isinstance(rank_suspects(features[:4], np.array([0, 1, 0, 1]), num_classes=2)[0], Suspect)


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (4, 4), (30, 10), (1000, 200)])
def test_a_fifth_is_worth_a_look(count: int, shown: int) -> None:
    assert number_shown(count) == shown
