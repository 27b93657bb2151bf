from __future__ import annotations

import numpy as np
import pytest

from tlcore.datasets.splits import split_indices, spread_over_classes
from tlcore.errors import DatasetError


def test_every_index_lands_in_exactly_one_part() -> None:
    labels = np.random.default_rng(0).integers(0, 3, 200)
    parts = split_indices(labels, num_classes=3)
    assert sorted(np.concatenate(parts).tolist()) == list(range(200))


@pytest.mark.parametrize("seed", range(8))
def test_groups_stay_whole_and_classes_keep_their_shares(seed: int) -> None:
    random = np.random.default_rng(seed)
    labels, groups = random.integers(0, 2, 300), random.integers(0, 90, 300)
    parts = split_indices(labels, groups, num_classes=2, seed=seed)
    held = [set(groups[part].tolist()) for part in parts]
    assert not held[0] & held[1]
    assert not held[0] & held[2]
    assert not held[1] & held[2]
    for label in (0, 1):
        shares = [np.mean(labels[part] == label) * len(part) / np.sum(labels == label) for part in parts]
        np.testing.assert_allclose(shares, (0.6, 0.2, 0.2), atol=0.05)


@pytest.mark.parametrize("count", [3, 4, 5, 7])
def test_small_classes_have_an_image_in_each_part(count: int) -> None:
    labels = np.array([0] * count + [1] * 50)
    for part in split_indices(labels, num_classes=2):
        assert np.all(np.bincount(labels[part], minlength=2) > 0)


def test_another_seed_gives_another_split() -> None:
    labels = np.arange(100) % 2
    first, second = (split_indices(labels, num_classes=2, seed=seed)[0] for seed in (0, 1))
    assert not np.array_equal(first, second)


def test_what_cannot_be_split_without_a_leak_is_refused() -> None:
    labels = np.array([0, 0, 0, 1, 1, 1])
    with pytest.raises(DatasetError, match="near-duplicates"):
        split_indices(labels, np.array([0, 0, 0, 1, 2, 3]), num_classes=2)


@pytest.mark.parametrize(
    ("labels", "count", "expected"),
    [
        ([0, 0, 0, 0, 1, 1, 1, 1], 4, [0, 4, 1, 5]),
        ([2, 2, 1, 0, 0, 0], 12, [3, 2, 0, 4, 1, 5]),
        ([0, 1, 2, 3, 4], 3, [0, 1, 2]),
        ([], 3, []),
    ],
)
def test_a_few_to_look_at_are_of_all_classes(labels: list[int], count: int, expected: list[int]) -> None:
    assert spread_over_classes(np.array(labels, np.int64), count) == expected
