"""How good a classifier is on images that it has not seen, and how sure one can be of that."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import InvalidArgumentError
from ..translatable import N_
from .prediction import class_probabilities

_NUM_BINS = 10
_NUM_RESAMPLES = 2000
_LEVEL = 0.95
_Z = 1.959963984540054  # the normal quantile that belongs to _LEVEL
_THRESHOLDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)


def evaluate(probabilities: ArrayLike, labels: ArrayLike, class_names: Sequence[str]) -> dict[str, Any]:
    """Measures of a classifier, as plain types that fit into JSON.

    Args:
        probabilities: `float (N, num_classes)`, or `(N, 1)` / `(N,)`: probability of class 1 of two.
        labels: `int (N,)`: the true classes.
        class_names: One name a class.

    Returns:
        `count`, `accuracy`, `balanced_accuracy` (mean recall of the classes that occur), `confusion_matrix` (rows:
        true class), `per_class` (precision, recall, f1, count), `calibration` (bins of confidence, and their mean
        gap `expected_calibration_error`), `mistakes` (index, true, predicted, probability; the surest first),
        `thresholds` (share of the images that are answered if the program may say "not sure", and accuracy on those),
        `bootstrap_interval` and `wilson_interval` (95 %) of the accuracy, `balanced_bootstrap_interval`.

    Raises:
        InvalidArgumentError: Shapes that do not belong together, labels out of range, NaN.

    Source: Guo et al., On Calibration of Modern Neural Networks, 2017 (calibration); Wilson, 1927 (interval).
    """
    scores, truth = _checked(probabilities, labels, class_names)
    predicted = scores.argmax(axis=1)
    confidence = scores.max(axis=1)
    correct = predicted == truth
    matrix = _confusion_matrix(truth, predicted, len(class_names))
    return {
        "count": len(truth),
        "class_names": list(class_names),
        "accuracy": float(correct.mean()),
        "balanced_accuracy": _balanced_accuracy(truth, predicted),
        "confusion_matrix": matrix.tolist(),
        "per_class": _per_class(truth, predicted, class_names),
        "calibration": _calibration(confidence, correct),
        "mistakes": _mistakes(truth, predicted, confidence),
        "thresholds": _thresholds(confidence, correct),
        "bootstrap_interval": _bootstrap_interval(matrix, balanced=False),
        "balanced_bootstrap_interval": _bootstrap_interval(matrix, balanced=True),
        "wilson_interval": wilson_interval(int(correct.sum()), len(truth)),
    }


def _checked(
    probabilities: ArrayLike, labels: ArrayLike, class_names: Sequence[str]
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    scores = class_probabilities(np.asarray(probabilities))
    truth = np.asarray(labels).astype(np.int64).reshape(-1)
    if len(truth) == 0 or scores.shape != (len(truth), len(class_names)):
        raise InvalidArgumentError(
            N_(
                "Expected probabilities of the shape (images, classes) = ({images}, {classes}), with at least one "
                "image. Received: {shape}."
            ),
            images=len(truth),
            classes=len(class_names),
            shape=scores.shape,
        )
    if truth.min() < 0 or truth.max() >= len(class_names):
        raise InvalidArgumentError(
            N_("Expected labels from 0 to {last}. Received: labels from {low} to {high}."),
            last=len(class_names) - 1,
            low=int(truth.min()),
            high=int(truth.max()),
        )
    if not np.isfinite(scores).all():
        raise InvalidArgumentError(
            N_("Expected finite probabilities. Received: NaN or infinity. The training has diverged; lower its rate.")
        )
    return scores, truth


def _confusion_matrix(truth: NDArray[np.int64], predicted: NDArray[Any], num_classes: int) -> NDArray[np.int64]:
    from sklearn.metrics import confusion_matrix

    matrix: NDArray[np.int64] = confusion_matrix(truth, predicted, labels=range(num_classes))
    return matrix


def _balanced_accuracy(truth: NDArray[np.int64], predicted: NDArray[Any]) -> float:
    from sklearn.metrics import balanced_accuracy_score

    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", "y_pred contains classes not in y_true"
        )  # such a class has no recall to count
        return float(balanced_accuracy_score(truth, predicted))


def _per_class(truth: NDArray[Any], predicted: NDArray[Any], class_names: Sequence[str]) -> list[dict[str, Any]]:
    from sklearn.metrics import precision_recall_fscore_support

    columns = precision_recall_fscore_support(truth, predicted, labels=range(len(class_names)), zero_division=0)
    return [
        {
            "class_name": name,
            "precision": float(precision),
            "recall": float(recall),
            "f1": float(f1),
            "count": int(count),
        }
        for name, precision, recall, f1, count in zip(class_names, *columns, strict=True)
    ]


def _calibration(confidence: NDArray[np.float32], correct: NDArray[np.bool_]) -> dict[str, Any]:
    edges = np.linspace(0, 1, _NUM_BINS + 1)
    bin_indices = np.clip(np.digitize(confidence, edges[1:-1], right=True), 0, _NUM_BINS - 1)
    bins = []
    for number in range(_NUM_BINS):
        inside = bin_indices == number
        if not inside.any():
            continue
        bins.append(
            {
                "low": float(edges[number]),
                "high": float(edges[number + 1]),
                "confidence": float(confidence[inside].mean()),
                "accuracy": float(correct[inside].mean()),
                "count": int(inside.sum()),
            }
        )
    gap = sum(row["count"] * abs(row["confidence"] - row["accuracy"]) for row in bins) / len(correct)
    return {"bins": bins, "expected_calibration_error": float(gap)}


def _mistakes(truth: NDArray[Any], predicted: NDArray[Any], confidence: NDArray[np.float32]) -> list[dict[str, Any]]:
    wrong = np.flatnonzero(truth != predicted)
    surest_first = wrong[np.argsort(-confidence[wrong], kind="stable")]
    return [
        {
            "index": int(index),
            "true": int(truth[index]),
            "predicted": int(predicted[index]),
            "probability": float(confidence[index]),
        }
        for index in surest_first
    ]


def _thresholds(confidence: NDArray[np.float32], correct: NDArray[np.bool_]) -> list[dict[str, Any]]:
    rows = []
    for threshold in _THRESHOLDS:
        answered = confidence >= threshold
        accuracy = float(correct[answered].mean()) if answered.any() else None
        rows.append({"threshold": threshold, "answered": float(answered.mean()), "accuracy": accuracy})
    return rows


def _bootstrap_interval(matrix: NDArray[np.int64], *, balanced: bool) -> dict[str, Any]:
    """Percentile bootstrap.

    Drawing N images with replacement makes the number of right ones binomial, so it is drawn directly; for the
    balanced accuracy within each class.
    """
    random = np.random.default_rng(0)
    counts, right = matrix.sum(axis=1), np.diag(matrix)
    if balanced:
        occurs = counts > 0
        counts, right = counts[occurs], right[occurs]
    else:
        counts, right = counts.sum(keepdims=True), right.sum(keepdims=True)
    drawn = random.binomial(counts, right / counts, size=(_NUM_RESAMPLES, len(counts)))  # (resamples, classes)
    low, high = np.quantile((drawn / counts).mean(axis=1), [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    return {"low": float(low), "high": float(high), "level": _LEVEL, "resamples": _NUM_RESAMPLES}


def wilson_interval(right: int, count: int) -> dict[str, Any]:
    """Where a share of right answers lies with 95 % confidence: "low", "high" and "level".

    Unlike the bootstrap it does not shrink to a point when every test image was right.
    """
    share = right / count
    center = (share + _Z**2 / (2 * count)) / (1 + _Z**2 / count)
    half = _Z * np.sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2)) / (1 + _Z**2 / count)
    return {"low": float(max(0.0, center - half)), "high": float(min(1.0, center + half)), "level": _LEVEL}
