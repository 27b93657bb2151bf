"""Whether a network knows such photos at all: how far the features of a photo lie from those that it learned from.

Probabilities cannot say it: they are shared out among the known classes whatever a photo shows.
"""

from __future__ import annotations

from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import InvalidArgumentError
from ..translatable import N_

Measure = Literal["neighbours", "mahalanobis"]
#: How many training images a photo is compared with: the distance to the last of them counts.
NEIGHBOURS = 5
#: Of the training images, which are all known, this share lies nearer than what is called strange.
KNOWN_SHARE = 0.95


class FamiliarityMeter:
    """Distance of photos to the images that a network has learned from, and from where on it is strange.

    Attributes:
        known: `float64 (N,)`: the distance of each training image to the others, in ascending order.
        threshold: What `KNOWN_SHARE` of them stay below; a photo beyond it is called strange.

    Args:
        features: `float32 (N, channels)` of the training images, pooled, N of `NEIGHBOURS` + 2 or more.
        labels: `int (N,)`: their classes.
        measure: "neighbours": Euclidean distance to the fifth nearest training image, all features brought to length 1.
            "mahalanobis": distance to the nearest class mean, measured by the spread that classes have within
            themselves; its threshold is too near, since that spread is learned from the very images that it is of.

    Raises:
        InvalidArgumentError: Too few images, shapes that do not belong together, another measure.

    Example:
        >>> features = np.random.default_rng(0).uniform(size=(40, 8)).astype("float32")
        >>> meter = FamiliarityMeter(features, np.arange(40) % 2)
        >>> meter.distances(-features[:1]) > meter.threshold
        array([ True])

    Source: Sun et al., Out-of-Distribution Detection with Deep Nearest Neighbors, 2022; Lee et al., A Simple Unified
    Framework for Detecting Out-of-Distribution Samples and Adversarial Attacks, 2018; Ledoit & Wolf, 2004 (spread).
    """

    def __init__(self, features: ArrayLike, labels: ArrayLike, *, measure: Measure = "neighbours") -> None:
        rows, classes = np.asarray(features, np.float32), np.asarray(labels)
        _check(rows, classes, measure)
        self._distance = _Neighbours(rows) if measure == "neighbours" else _Mahalanobis(rows, classes)
        self.known: NDArray[np.float64] = np.sort(self._distance.of_known())
        self.threshold = float(np.quantile(self.known, KNOWN_SHARE))

    def distances(self, features: ArrayLike) -> NDArray[np.float64]:
        """Distance of photos, `float32 (M, channels)`, to what is known: `float64 (M,)`."""
        return self._distance.of(np.asarray(features, np.float32))

    def farther_than(self, distance: float) -> float:
        """Share of the training images that lie nearer to the others than `distance`, in [0, 1]."""
        return float(np.searchsorted(self.known, distance) / len(self.known))


class _Neighbours:
    """Distance to the fifth nearest training image."""

    def __init__(self, rows: NDArray[np.float32]) -> None:
        from sklearn.neighbors import NearestNeighbors

        self._fitted = NearestNeighbors(n_neighbors=NEIGHBOURS, algorithm="brute").fit(_of_length_one(rows))

    def of(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        return self._farthest(_of_length_one(rows))

    def of_known(self) -> NDArray[np.float64]:
        return self._farthest(None)  # none is its own neighbour

    def _farthest(self, rows: NDArray[np.float64] | None) -> NDArray[np.float64]:
        distances, _indices = self._fitted.kneighbors(rows)  # (M, neighbours), ascending
        return np.asarray(distances[:, -1], np.float64)


class _Mahalanobis:
    """Distance to the nearest class mean, in units of the spread within classes."""

    def __init__(self, rows: NDArray[np.float32], classes: NDArray[Any]) -> None:
        from sklearn.covariance import LedoitWolf

        names, places = np.unique(classes, return_inverse=True)
        means = np.stack([rows[places == place].mean(axis=0) for place in range(len(names))])  # (classes, channels)
        spread = LedoitWolf(assume_centered=True).fit(rows - means[places])
        self._rounding = np.linalg.cholesky(spread.precision_)  # makes each class's cloud round: Euclid's distance then
        self._means = means @ self._rounding
        self._known = rows

    def of(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        from sklearn.metrics import pairwise_distances

        return np.asarray(pairwise_distances(rows @ self._rounding, self._means).min(axis=1), np.float64)  # (M,)

    def of_known(self) -> NDArray[np.float64]:
        return self.of(self._known)


def pooled_network(base: Any) -> Any:
    """A base that gives one number a channel, its mean over all positions: what a `FamiliarityMeter` compares.

    Args:
        base: Functional `keras.Model` that gives feature maps, raw images -> `(N, h, w, c)`.

    Returns:
        `keras.Model`, raw images -> `(N, c)`; it shares the layers of `base`.
    """
    import keras

    if len(base.output_shape) == 2:
        return base
    return keras.Model(base.input, keras.layers.GlobalAveragePooling2D(name="familiar_mean")(base.output))


def _of_length_one(rows: NDArray[np.float32]) -> NDArray[np.float64]:
    from sklearn.preprocessing import normalize

    return np.asarray(normalize(rows.astype(np.float64)))


def _check(rows: NDArray[np.float32], classes: NDArray[Any], measure: str) -> None:
    if measure not in get_args(Measure):
        raise InvalidArgumentError(
            N_("Expected `measure` to be 'neighbours' or 'mahalanobis'. Received: {value!r}. Choose one of them."),
            value=str(measure),
        )
    if rows.ndim != 2 or classes.shape != rows.shape[:1] or len(rows) < NEIGHBOURS + 2:
        raise InvalidArgumentError(
            N_(
                "Expected features of the shape (images, channels) of at least {least} images, and one label each. "
                "Received: the shapes {shape} and {labels}."
            ),
            least=NEIGHBOURS + 2,
            shape=rows.shape,
            labels=classes.shape,
        )
