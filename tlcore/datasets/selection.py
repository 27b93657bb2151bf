"""Which images of a larger set are taken."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def spread_over_classes(labels: NDArray[np.int64], num_images: int, seed: int) -> NDArray[np.int64]:
    """Indices of `num_images` images, as many of each class as there are: round after round one of each.

    Args:
        labels: `int64 (N,)`.
        num_images: How many to take, at most N.
        seed: Of the shuffle that decides which ones.

    Returns:
        `int64 (num_images,)`, in the order of the rounds.
    """
    shuffled = np.random.default_rng(seed).permutation(len(labels))
    rounds = np.empty(len(labels), np.int64)
    for label in np.unique(labels):
        of_class = np.flatnonzero(labels[shuffled] == label)
        rounds[of_class] = np.arange(len(of_class))
    return shuffled[np.argsort(rounds, kind="stable")][:num_images]
