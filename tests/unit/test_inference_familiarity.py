"""Whether a photo is of the kind that a network has learned from."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from benchmarks.unknown import measure as unknown_benchmark
from tlcore.errors import InvalidArgumentError
from tlcore.inference.familiarity import NEIGHBOURS, FamiliarityMeter, Measure
from tlcore.inference.unknown_classes import COMMAND, measured_unknown_classes

each_measure = pytest.mark.parametrize("measure", get_args(Measure))
CLASSES, CHANNELS = 3, 12


def described(count: int, seed: int, label: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Features around the corner of their class; of a label that nobody has learned, around another corner."""
    random = np.random.default_rng(seed)
    labels = np.arange(count) % CLASSES if label is None else np.full(count, label)
    return np.eye(CHANNELS)[labels] * 5 + np.abs(random.normal(0, 0.4, (count, CHANNELS))), labels


@each_measure
def test_what_was_never_learned_is_strange(measure: Measure) -> None:
    meter = FamiliarityMeter(*described(90, 0), measure=measure)
    known, strange = (meter.distances(described(30, 1, label)[0]) for label in (None, CLASSES + 1))
    assert (strange > meter.threshold).all()
    assert (known <= meter.threshold).mean() > 0.8
    assert meter.farther_than(strange[0]) == 1
    assert 0 < meter.farther_than(meter.threshold) < 1
    assert (meter.known > meter.threshold).mean() == pytest.approx(0.05, abs=0.02), "of what is known itself"


def test_no_image_is_its_own_neighbour() -> None:
    features, labels = described(30, 0)
    meter = FamiliarityMeter(features, labels)
    assert meter.known.min() > 0
    assert meter.distances(features[:1])[0] < meter.known.max()


@each_measure
def test_what_cannot_be_compared_is_said(measure: Measure) -> None:
    features, labels = described(NEIGHBOURS + 1, 0)
    with pytest.raises(InvalidArgumentError, match=str(NEIGHBOURS + 2)):
        FamiliarityMeter(features, labels, measure=measure)
    with pytest.raises(InvalidArgumentError, match="one label each"):
        FamiliarityMeter(described(30, 0)[0], labels, measure=measure)


def test_another_measure_is_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="mahalanobis"):
        FamiliarityMeter(*described(30, 0), measure="cosine")  # type: ignore[arg-type]


def test_the_figures_that_the_page_shows_are_those_of_the_benchmark() -> None:
    assert COMMAND.split()[3] == unknown_benchmark.__module__.removeprefix("benchmarks.")
    figures = measured_unknown_classes()
    assert figures.classes == 6
    for share in (figures.confidence, figures.neighbours, figures.mahalanobis):
        assert 50 < share <= 100, "better than guessing"
    assert figures.neighbours_false < figures.neighbours_found
