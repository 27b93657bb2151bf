from __future__ import annotations

import pytest

from tlcore.experiments.measuring.aggregate import average, averaged, best, compare
from tlcore.experiments.specification import Outcome


def test_average_of_several_seeds() -> None:
    found = average([0.8, 0.9, 1.0])
    assert found.mean == pytest.approx(0.9)
    assert found.spread == pytest.approx(0.1)
    assert (found.low, found.high) == pytest.approx((0.8, 1.0))


def test_few_test_images_are_never_certain() -> None:
    assert average([1.0, 1.0], num_test=10).error > 0
    assert average([1.0], num_test=10).error > average([1.0], num_test=1000).error


@pytest.mark.parametrize(
    ("one", "other", "num_test", "verdict"),
    [(0.9, 0.6, 100, "holds"), (0.6, 0.9, 100, "fails"), (0.9, 0.88, 100, "unclear"), (0.9, 0.6, 6, "unclear")],
)
def test_a_difference_counts_only_beyond_chance(one: float, other: float, num_test: int, verdict: str) -> None:
    assert compare(average([one], num_test), average([other], num_test)) == verdict


def test_averaged_groups_by_the_cell() -> None:
    outcomes = [
        Outcome({"method": method, "seed": seed}, {"accuracy": value, "num_test": 50})
        for method, seed, value in (("a", 0, 0.5), ("b", 0, 0.7), ("a", 1, 0.7))
    ]
    found = averaged(outcomes, "accuracy", "method", accuracy=True)
    assert found[("a",)].mean == pytest.approx(0.6)
    assert found[("a",)].seeds == 2
    assert best(found) == ("b",)
