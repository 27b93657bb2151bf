"""Means over seeds, and whether two of them differ by more than chance."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, stdev
from typing import Any

from ...translatable import N_
from ..specification import Figure, Outcome, Quantity, Text, Verdict

#: Standard errors by which two accuracies must differ before a takeaway calls one of them better.
CLEARLY = 2.0

#: Times as many repetitions beyond which nobody would wait for them.
_MOST_WORTHWHILE = 50


#: Which option of a guess is right, where the options are "it does", "about the same" and "it does not".
OPTION_BY_VERDICT: dict[Verdict, int] = {"holds": 0, "unclear": 1, "fails": 2}


@dataclass(frozen=True)
class Average:
    """One number measured with several seeds.

    Attributes:
        mean: Over the seeds.
        spread: Standard deviation over the seeds; 0.0 with a single one.
        seeds: How many there are.
        error: Standard error of an accuracy: what the seeds scatter, or what so few test images allow if that is more.
        test_images: Different ones behind an accuracy; 0 for anything else.
        draws: How many of the seeds drew images of their own.
    """

    mean: float
    spread: float
    seeds: int
    error: float
    test_images: int = 0
    draws: int = 0

    @property
    def low(self) -> float:
        """The lower end of what the mean may be."""
        return self.mean - self.spread

    @property
    def high(self) -> float:
        """The upper end of what the mean may be."""
        return self.mean + self.spread


def average(values: Sequence[float], num_test: int | None = None, draws: int | None = None) -> Average:
    """The mean of a measure over seeds.

    Args:
        values: One number a seed; accuracies in [0, 1] if `num_test` is given.
        num_test: Test images behind each of them.
        draws: How many of the seeds drew test images of their own; all of them without it.
    """
    mean = fmean(values)
    spread = stdev(values) if len(values) > 1 else 0.0
    error = spread / math.sqrt(len(values))
    images, draws = 0, draws or len(values)
    if num_test:
        images = num_test * draws
        trials = images + 2  # one more right and one more wrong: no certainty from few images
        share = (mean * images + 1) / trials
        error = max(error, math.sqrt(share * (1 - share) / trials))
    return Average(mean, spread, len(values), error, images, draws)


def compare(larger: Average, smaller: Average) -> Verdict:
    """Whether the first is clearly larger ("holds"), clearly smaller ("fails"), or neither ("unclear")."""
    margin = CLEARLY * math.hypot(larger.error, smaller.error)
    difference = larger.mean - smaller.mean
    if abs(difference) <= margin:
        return "unclear"
    return "holds" if difference > 0 else "fails"


def repetitions_to_decide(larger: Average, smaller: Average) -> float | None:
    """How many times as many repetitions would decide a comparison that is unclear.

    Standard errors fall with the root of the number of repetitions, each of which draws images and initial weights of
    its own. So if the difference stays as it is, it reaches `CLEARLY` standard errors after this many times the work.

    Returns:
        A factor above 1; 1.0 if the comparison is clear already; None if there is no difference at all.
    """
    difference = abs(larger.mean - smaller.mean)
    if difference == 0:
        return None
    return max(1.0, (CLEARLY * math.hypot(larger.error, smaller.error) / difference) ** 2)


def difference(title: str, larger: Average, smaller: Average) -> Figure:
    """The figure of a claim that one accuracy is larger than another, in points."""
    margin = CLEARLY * math.hypot(larger.error, smaller.error)
    return Figure(title, Quantity(larger.mean - smaller.mean, "points"), margin)


def deciding(verdict: Verdict, *contrasts: tuple[Average, Average]) -> tuple[Text, ...]:
    """What it would take to decide a verdict that is unclear.

    Args:
        verdict: Of the claim; if it is decided there is nothing to say.
        contrasts: The comparisons on which the verdict hangs, the one that should be larger first.

    Returns:
        One sentence, or none.
    """
    open_ones = [pair for pair in contrasts if compare(*pair) == "unclear"]
    if verdict != "unclear" or not open_ones:
        return ()
    factors = [repetitions_to_decide(*pair) for pair in open_ones]
    known = [factor for factor in factors if factor is not None]
    if len(known) < len(factors) or max(known) > _MOST_WORTHWHILE:
        return (Text(N_("No number of repetitions within reach would decide this: the difference is too small.")),)
    one = open_ones[factors.index(max(known))][0]
    if one.test_images and one.draws < one.seeds:  # more seeds would be tested on the same images
        template, now = N_("About {needed} test images instead of {now} would decide this."), one.test_images
    else:
        template, now = N_("About {needed} repetitions instead of {now} would decide this."), one.seeds
    needed = math.ceil(max(known) * now)
    return (Text(template, {"needed": Quantity(needed, "count"), "now": Quantity(now, "count")}),)


def grouped(outcomes: Iterable[Outcome], *keys: str) -> dict[tuple[Any, ...], list[Outcome]]:
    """Outcomes by the values of `keys` in their cells, in the order in which the keys first come."""
    groups: dict[tuple[Any, ...], list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(tuple(outcome.cell[key] for key in keys), []).append(outcome)
    return groups


def averaged(
    outcomes: Iterable[Outcome], measure: str, *keys: str, accuracy: bool = False
) -> dict[tuple[Any, ...], Average]:
    """The average of `values[measure]` for each group; with `accuracy`, the number of test images counts."""
    return {key: _average_of(group, measure, accuracy) for key, group in grouped(outcomes, *keys).items()}


def averaged_by(outcomes: Iterable[Outcome], measure: str, key: str, *, accuracy: bool = False) -> dict[Any, Average]:
    """As `averaged`, for groups by the values of one key."""
    return {value: mean for (value,), mean in averaged(outcomes, measure, key, accuracy=accuracy).items()}


def _average_of(group: Sequence[Outcome], measure: str, accuracy: bool) -> Average:
    values = [outcome.values[measure] for outcome in group]
    if not accuracy:
        return average(values)
    return average(values, group[0].values["num_test"], _draws(group))


def _draws(group: Sequence[Outcome]) -> int:
    """How many different draws of images these outcomes were measured on.

    Draws from one pool have images in common: they count as no more than would use up the pool.
    """
    draws = len({json.dumps(outcome.cell.get("data", outcome.cell), sort_keys=True) for outcome in group})
    pool = group[0].cell.get("data", {}).get("pool")
    return draws if pool is None else min(draws, max(1, pool // group[0].values["num_test"]))


def averaged_gap(outcomes: Iterable[Outcome], *keys: str) -> dict[tuple[Any, ...], Average]:
    """The average of the gap between training and validation accuracy, as uncertain as the latter at least."""
    return {key: _average_gap(group) for key, group in grouped(outcomes, *keys).items()}


def _average_gap(group: Sequence[Outcome]) -> Average:
    gap = average([outcome.values["gap"] for outcome in group])
    accuracies = [outcome.values["val_accuracy"] for outcome in group]
    validation = average(accuracies, group[0].values["num_validation"], _draws(group))
    return replace(gap, error=max(gap.error, validation.error))


def best(averages: dict[Any, Average], key: Callable[[Average], float] = lambda average: average.mean) -> Any:
    """The key with the largest average; the first of equals."""
    return max(averages, key=lambda name: key(averages[name]))
