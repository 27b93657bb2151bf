"""Linear probes: how well a straight line tells the classes apart in the features of a layer."""

from __future__ import annotations

import json
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
from ...keep_last import keep_last
from ..specification import Cell
from .data import load
from .shared import POOL_SEED, is_shared, parts_of, pool_of

#: Weights that differ from seed to seed.
RANDOM = "random"


def shared_base(base: str, weights: str, image_size: int, seed: int, *, include_top: bool = False) -> Any:
    """A base that is only run, never trained, built once a worker; `seed` decides its weights if they are random."""
    return _built(base, weights, image_size, seed if weights == RANDOM else 0, include_top)


def _num_bytes(base: Any) -> int:
    return 4 * int(base.count_params())


@keep_last(2, _num_bytes)
def _built(base: str, weights: str, image_size: int, seed: int, include_top: bool) -> Any:
    import keras

    from ...models import build_base

    keras.utils.set_random_seed(seed)
    return build_base(base, input_shape=(image_size, image_size, 3), weights=weights, include_top=include_top)


def outputs_of(cell: Cell, *parts: str, include_top: bool = False) -> list[NDArray[np.float32]]:
    """What the cell's base says of parts of its images ("train", "validation", "test").

    Returns:
        For each part its pooled features `(N, channels)`; with the base's own classifier, its probabilities
        `(N, classes of the base)`.
    """
    from ...features import extract_features
    from ...inference import predict_probabilities

    if is_shared(cell["data"]):
        drawn = parts_of(cell["data"])
        outputs = _of_pool(json.dumps(cell["data"] | {"seed": 0}), cell["base"], cell["weights"], include_top)
        return [outputs[getattr(drawn, part)] for part in parts]
    base = shared_base(cell["base"], cell["weights"], cell["data"]["image_size"], cell["seed"], include_top=include_top)
    splits = load(cell).splits
    if include_top:
        return [predict_probabilities(base, splits[part].images) for part in parts]
    return [pooled(extract_features(base, splits[part].images)) for part in parts]


@lru_cache(maxsize=4)
def _of_pool(data: str, base: str, weights: str, include_top: bool) -> NDArray[np.float32]:
    """What a base says of each image of a pool; computed once on this machine, whichever worker comes first."""
    from ...features import extract_features
    from ...inference.prediction import class_probabilities

    described = json.loads(data)
    network = shared_base(base, weights, described["image_size"], POOL_SEED, include_top=include_top)
    outputs = extract_features(network, pool_of(described).images, cache=True, precision="float32")
    return class_probabilities(outputs) if include_top else pooled(outputs)


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


def probe_parameters(num_features: int, num_classes: int) -> int:
    """Numbers that a probe learns: one row for two classes, else a row a class."""
    return (num_features + 1) * (1 if num_classes == 2 else num_classes)


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
