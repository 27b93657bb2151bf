"""Measures, against scikit-learn's or against figures worked out by hand."""

from __future__ import annotations

import json

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, balanced_accuracy_score

from tlcore.errors import InvalidArgumentError
from tlcore.inference import evaluate

NAMES = ("cat", "dog", "bird")


@pytest.fixture
def guesses() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    scores = random.dirichlet(np.ones(3), size=200)
    labels = np.where(random.random(200) < 0.7, scores.argmax(axis=1), random.integers(0, 3, 200))
    return scores, labels


def test_accuracies_agree_with_scikit_learn(guesses: tuple[np.ndarray, np.ndarray]) -> None:
    scores, labels = guesses
    metrics = evaluate(scores, labels, NAMES)

    assert metrics["accuracy"] == pytest.approx(accuracy_score(labels, scores.argmax(axis=1)))
    assert metrics["balanced_accuracy"] == pytest.approx(balanced_accuracy_score(labels, scores.argmax(axis=1)))
    assert np.sum(metrics["confusion_matrix"]) == 200
    assert len(metrics["mistakes"]) == 200 - np.trace(metrics["confusion_matrix"])


def test_measures_are_plain_json(guesses: tuple[np.ndarray, np.ndarray]) -> None:
    metrics = evaluate(*guesses, NAMES)
    assert json.loads(json.dumps(metrics, allow_nan=False)) == metrics


def test_one_sigmoid_output_is_two_classes() -> None:
    metrics = evaluate([[0.9], [0.2], [0.6]], [1, 0, 0], ("off", "on"))

    assert metrics["confusion_matrix"] == [[1, 1], [0, 1]]
    assert metrics["mistakes"] == [{"index": 2, "true": 0, "predicted": 1, "probability": pytest.approx(0.6)}]
    assert metrics["balanced_accuracy"] == 0.75


def test_a_class_without_test_images_does_not_count() -> None:
    metrics = evaluate(np.eye(3)[[0, 1, 1]], [0, 1, 1], NAMES)
    assert metrics["balanced_accuracy"] == 1.0
    assert metrics["per_class"][2] == {"class_name": "bird", "precision": 0, "recall": 0, "f1": 0, "count": 0}


def test_overconfidence_shows_in_the_calibration() -> None:
    metrics = evaluate([[0.05, 0.95]] * 10, [1] * 6 + [0] * 4, ("off", "on"))
    assert metrics["calibration"]["expected_calibration_error"] == pytest.approx(0.35, abs=1e-6)
    (only,) = metrics["calibration"]["bins"]
    assert (only["low"], only["high"], only["count"], only["accuracy"]) == (0.9, 1.0, 10, 0.6)


def test_a_threshold_trades_answers_for_accuracy() -> None:
    rows = evaluate([0.55, 0.95, 0.97], [0, 1, 1], ("off", "on"))["thresholds"]
    assert rows[0] == {"threshold": 0.0, "answered": 1.0, "accuracy": pytest.approx(2 / 3)}
    assert next(row for row in rows if row["threshold"] == 0.9)["accuracy"] == 1.0
    assert rows[-1] == {"threshold": 0.99, "answered": 0.0, "accuracy": None}


def test_intervals_are_wide_for_forty_images_and_hold_the_accuracy() -> None:
    labels = np.arange(40) % 2
    scores = np.where(np.arange(40) < 34, labels, 1 - labels).astype(float)
    metrics = evaluate(scores, labels, ("off", "on"))

    for name in ("bootstrap_interval", "balanced_bootstrap_interval", "wilson_interval"):
        interval = metrics[name]
        assert interval["low"] < 0.85 < interval["high"]
        assert 0.15 < interval["high"] - interval["low"] < 0.3


def test_all_right_still_leaves_room_for_doubt() -> None:
    metrics = evaluate([0.0, 1.0] * 20, [0, 1] * 20, ("off", "on"))
    assert metrics["bootstrap_interval"]["low"] == 1.0
    assert metrics["wilson_interval"]["low"] == pytest.approx(0.912, abs=1e-3)


@pytest.mark.parametrize(
    ("scores", "labels", "words"),
    [
        (np.ones((4, 2)) / 2, [0, 1, 0, 1], r"\(4, 3\)"),
        (np.ones((0, 3)), [], "at least one"),
        (np.ones((2, 3)) / 3, [0, 3], "0 to 2"),
        (np.full((2, 3), np.nan), [0, 1], "diverged"),
    ],
)
def test_what_does_not_belong_together_is_refused(scores: np.ndarray, labels: list[int], words: str) -> None:
    with pytest.raises(InvalidArgumentError, match=words):
        evaluate(scores, labels, NAMES)
