"""Linear probes: how well a straight line tells the classes apart in the features of a layer."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...datasets import Split
from ...features.forward import Progress
from ...features.running import run_network
from ...features.survey import evenly_spread


@lru_cache(maxsize=2)
def shared_base(base: str, weights: str, image_size: int, seed: int) -> Any:
    """A base that is only run, never trained, built once a worker; `seed` decides its random weights."""
    import keras

    from ...models import build_base

    keras.utils.set_random_seed(seed)
    return build_base(base, input_shape=(image_size, image_size, 3), weights=weights)


def pooled(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean over the positions of a feature map: `(N, h, w, c)` -> `(N, c)`."""
    return features.mean(axis=(1, 2)) if features.ndim == 4 else features


def probe_accuracy(
    train: NDArray[np.float32],
    train_labels: NDArray[np.int64],
    test: NDArray[np.float32],
    test_labels: NDArray[np.int64],
) -> float:
    """Balanced accuracy of a logistic regression on standardised features, on images that it has not seen."""
    said = fit_probe(train, train_labels).predict(test)
    return balanced_accuracy(said, test_labels)


def fit_probe(features: NDArray[np.float32], labels: NDArray[np.int64]) -> Any:
    """A logistic regression on standardised features."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    probe = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=1000))
    with warnings.catch_warnings():  # a probe that is still improving after 1000 steps is good enough to compare
        warnings.simplefilter("ignore", ConvergenceWarning)
        return probe.fit(features, labels)


def balanced_accuracy(said: NDArray[np.int64], true: NDArray[np.int64]) -> float:
    """Mean over the classes of the share of their images that were named right."""
    return float(np.mean([np.mean(said[true == label] == label) for label in np.unique(true)]))


def probe_by_layer(
    base: Any, train: Split, others: Sequence[Split], layers: Sequence[str], progress: Progress | None = None
) -> list[list[float]]:
    """Accuracies of probes on the pooled features of each layer; all layers in one pass over the images.

    Args:
        base: Functional `keras.Model`.
        train: To learn from.
        others: To judge by.
        layers: Names of those to probe.
        progress: Called after each batch with (images done, images in all) of a part.

    Returns:
        For each of `others` one number a layer.
    """
    import keras

    outputs = [keras.layers.GlobalAveragePooling2D()(base.get_layer(name).output) for name in layers]
    network = keras.Model(base.input, keras.layers.Concatenate()(outputs))  # (N, channels of all layers)
    ends = np.cumsum([output.shape[-1] for output in outputs])[:-1]
    by_split = [
        np.split(run_network(network, split.images, progress=progress)[0], ends, axis=1) for split in (train, *others)
    ]
    probes = [fit_probe(features, train.labels) for features in by_split[0]]
    return [
        [balanced_accuracy(probe.predict(found), split.labels) for probe, found in zip(probes, features, strict=True)]
        for split, features in zip(others, by_split[1:], strict=True)
    ]


def block_starts(architecture: str, most: int = 5) -> list[str]:
    """Names of the first layer with weights of each block, in order: the points from which to unfreeze.

    The last one is where fine-tuning starts by default. Of a network with more blocks, `most` of them, evenly spread,
    the last one included.
    """
    from ...architectures import describe
    from ...models.unfreezing import tabled_unfreeze_layer

    first: dict[str, str] = {}
    for layer in describe(architecture, include_top=False).layers:
        if layer.block and layer.num_params:
            first.setdefault(layer.block, layer.name)
    starts, last = list(first.values()), tabled_unfreeze_layer(architecture, None)
    starts = starts[: starts.index(last) + 1] if last in starts else starts
    return evenly_spread(starts, most)
