from __future__ import annotations

import pytest

from tlcore.experiments.measuring.aggregate import (
    Average,
    average,
    averaged,
    best,
    compare,
    deciding,
    repetitions_to_decide,
)
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


def test_repetitions_that_would_decide_are_those_after_which_it_is_decided() -> None:
    first, second = Average(0.80, 0.04, 4, 0.02), Average(0.77, 0.04, 4, 0.02)
    assert compare(first, second) == "unclear"
    factor = repetitions_to_decide(first, second)
    assert factor == pytest.approx(8 * 0.02**2 / 0.03**2)
    for times, verdict in ((0.99 * factor, "unclear"), (1.01 * factor, "holds")):
        after = [Average(one.mean, one.spread, 0, one.error / times**0.5) for one in (first, second)]
        assert compare(*after) == verdict


def test_no_number_of_repetitions_decides_between_equals() -> None:
    same = Average(0.8, 0.0, 2, 0.01)
    assert repetitions_to_decide(same, same) is None
    assert repetitions_to_decide(Average(0.9, 0.0, 2, 0.001), same) == 1.0


def test_an_unclear_verdict_says_what_would_decide_it() -> None:
    first, second = Average(0.80, 0.04, 4, 0.02), Average(0.77, 0.04, 4, 0.02)
    assert [str(text) for text in deciding("unclear", (first, second))] == [
        "About 15 repetitions instead of 4 would decide this."  # 8 * 0.02 ** 2 / 0.03 ** 2 = 3.56 times as many
    ]
    assert deciding("holds", (first, second)) == ()
    assert "within reach" in str(deciding("unclear", (first, first))[0])


def test_repetitions_on_the_same_test_images_do_not_decide() -> None:
    """A learner's own images are split once: only more of them would help."""
    same_images = average([0.80, 0.78], num_test=40, draws=1)
    (text,) = deciding("unclear", (same_images, average([0.70, 0.72], num_test=40, draws=1)))
    assert str(text).startswith("About ")
    assert "test images instead of 40" in str(text)
