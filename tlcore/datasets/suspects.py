"""Labels that look wrong: images that a simple classifier, which has not seen them, would put into another class.

The classifier works on the features of a trained base, so it needs few images and a second or two.

Source: Northcutt, Jiang, Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", 2021 (out-of-sample
probabilities); the order is by the margin between the given label and the likeliest other one.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Share of the images that are worth a look, the most suspicious first.
SHOWN_SHARE = 0.2
_FOLDS = 5
#: Strong: a weaker one learns the wrong labels too. Chosen on hard hats and TrashNet, see `benchmarks/relabel.py`.
_REGULARIZATION = 0.001


@dataclass(frozen=True, slots=True)
class Suspect:
    """An image whose label is doubted.

    Attributes:
        place: Among the images that were asked about.
        label: That it has.
        suggested: The likeliest other label.
        margin: Probability of its own label minus that of the suggested one, [-1, 1]: the lower, the more suspicious.
    """

    place: int
    label: int
    suggested: int
    margin: float

    @property
    def is_disagreement(self) -> bool:
        """Whether the classifier would have said another class."""
        return self.margin < 0


def rank_suspects(
    features: NDArray[np.float32], labels: NDArray[np.int64], *, num_classes: int, seed: int = 0
) -> list[Suspect]:
    """All images, the most suspicious label first.

    Each image is judged by a classifier that was trained without it.

    Args:
        features: `float32 (N, channels)`.
        labels: `int64 (N,)`, some of them wrong.
        num_classes: How many there are.
        seed: Of the folds.

    Returns:
        One an image; nothing where a class has one image only.
    """
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    counts = np.bincount(labels, minlength=num_classes)
    folds = min([_FOLDS, *counts[counts > 0].tolist()])
    if folds < 2 or np.count_nonzero(counts) < 2:
        return []
    known = np.unique(labels)
    probabilities = np.zeros((len(labels), num_classes))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", _convergence_warning())
        probabilities[:, known] = cross_val_predict(
            new_probe(),
            features,
            labels,
            cv=StratifiedKFold(folds, shuffle=True, random_state=seed),
            method="predict_proba",
        )
    return _by_margin(probabilities, labels)


def new_probe() -> Any:
    """A logistic regression on standardised features, not trained yet."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), LogisticRegression(C=_REGULARIZATION, max_iter=300))


def count_right(
    features: NDArray[np.float32],
    labels: NDArray[np.int64],
    test_features: NDArray[np.float32],
    test_labels: NDArray[np.int64],
) -> int:
    """How many test images the same classifier names right, trained on all of `features`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", _convergence_warning())
        said = new_probe().fit(features, labels).predict(test_features)
    return int(np.sum(said == test_labels))


def number_shown(count: int) -> int:
    """How many of `count` images are worth a look."""
    return max(min(count, 10), round(SHOWN_SHARE * count))


def _convergence_warning() -> type[Warning]:
    from sklearn.exceptions import ConvergenceWarning

    warning: type[Warning] = ConvergenceWarning
    return warning


def _by_margin(probabilities: NDArray[np.float64], labels: NDArray[np.int64]) -> list[Suspect]:
    rows = np.arange(len(labels))
    others = probabilities.copy()
    others[rows, labels] = -1
    suggested = others.argmax(axis=1)
    margins = probabilities[rows, labels] - others[rows, suggested]
    return [
        Suspect(int(place), int(labels[place]), int(suggested[place]), float(margins[place]))
        for place in np.argsort(margins, kind="stable")
    ]
