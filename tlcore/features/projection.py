"""Features of a set of images as points on a plane."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from tlcore.errors import InvalidArgumentError
from tlcore.translatable import N_

from .cache import Computation, entry_key, images_digest, load_entry, store_entry

Method = Literal["pca", "tsne"]

#: t-SNE looks at distances; beyond this many directions there is hardly more than noise in them, only time.
TSNE_DIRECTIONS = 50
_PERPLEXITY = 30.0
_FEWEST = 4


@dataclass(frozen=True)
class Projection:
    """Points that stand for images.

    Attributes:
        points: `float32 (N, 2)`.
        explained: Share of the features' variance along each axis, in [0, 1]; None for t-SNE, whose axes mean nothing.
    """

    points: NDArray[np.float32]
    explained: tuple[float, float] | None


def project(features: NDArray[np.float32], *, method: Method = "pca", seed: int = 0, cache: bool = False) -> Projection:
    """Puts each image on a plane, near those with similar features.

    PCA keeps the two directions in which the features differ most: a shadow of them, distances included. t-SNE keeps
    who is whose neighbour; sizes of groups and distances between them mean nothing. Features of more than 50 numbers
    are reduced to 50 by PCA first, as scikit-learn's guide recommends.

    Args:
        features: `float32 (N, channels)`, N at least 4.
        method: "pca" or "tsne".
        seed: Of the random parts; equal seeds give equal points.
        cache: Keep the points in the features cache, and read them if they are there.

    Raises:
        InvalidArgumentError: Another method, too few images, or features that are not finite.

    Source: Pearson, On lines and planes of closest fit, 1901; van der Maaten & Hinton, Visualizing data using t-SNE,
    2008.
    """
    _check(features, method)
    compute = {"pca": _pca, "tsne": _tsne}[method]
    if not cache:
        return compute(features, seed)
    key = entry_key(f"{method}-{seed}-{_library()}-{images_digest(features)}", "projection")
    found = load_entry(key)
    if found is None:
        start_s = time.perf_counter()
        fresh = compute(features, seed)
        shares = np.array(fresh.explained or (), np.float64)
        each_s = (time.perf_counter() - start_s) / len(features)
        store_entry(key, [fresh.points, shares], Computation("float32", each_s))
        return fresh
    points, shares = np.asarray(found.arrays[0]), found.arrays[1]
    return Projection(points, (float(shares[0]), float(shares[1])) if len(shares) else None)


def _check(features: NDArray[Any], method: str) -> None:
    if method not in get_args(Method):
        raise InvalidArgumentError(
            N_("Expected `method` to be 'pca' or 'tsne'. Received: {value!r}. Choose one of them."), value=str(method)
        )
    if features.ndim != 2 or len(features) < _FEWEST or features.shape[1] < 2:
        raise InvalidArgumentError(
            N_(
                "Expected features of at least {fewest} images, of the shape (images, channels) with 2 channels or "
                "more. Received: the shape {shape}. Use more images, or another layer."
            ),
            fewest=_FEWEST,
            shape=features.shape,
        )
    if not np.isfinite(features).all():
        raise InvalidArgumentError(
            N_("Expected finite features. Received: NaN or infinity. Look at the weights of the base.")
        )


def _library() -> str:
    import sklearn

    return str(sklearn.__version__)


def _pca(features: NDArray[np.float32], seed: int) -> Projection:
    from sklearn.decomposition import PCA

    if not np.ptp(features, axis=0).any():  # all alike: there is no direction in which they differ
        return Projection(np.zeros((len(features), 2), np.float32), (0.0, 0.0))
    reduction = PCA(n_components=2, random_state=seed)
    points = reduction.fit_transform(features)
    first, second = reduction.explained_variance_ratio_
    return Projection(np.asarray(points, np.float32), (float(first), float(second)))


def _tsne(features: NDArray[np.float32], seed: int) -> Projection:
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE

    directions = min(TSNE_DIRECTIONS, len(features))
    if features.shape[1] > directions:
        features = PCA(n_components=directions, random_state=seed).fit_transform(features)
    if not np.ptp(features, axis=0).any():
        return Projection(np.zeros((len(features), 2), np.float32), None)
    perplexity = tsne_perplexity(len(features))
    points = TSNE(perplexity=perplexity, init="pca", random_state=seed).fit_transform(features)
    return Projection(np.asarray(points, np.float32), None)


def tsne_perplexity(count: int) -> float:
    """How many neighbours t-SNE looks at: its usual 30, fewer where there are few images (it has to be below N)."""
    return min(_PERPLEXITY, (count - 1) / 3)
