"""How hard the drawn hard hats are: colour alone, a small network from scratch, a trained base.

Balanced accuracy on held-out drawings with 100 images a class to learn from, mean and standard deviation over splits.
They are worth teaching with if colour is near chance, the small network stays low and the trained base is far above.
MobileNetV2 is measured where `TLCORE_WEIGHTS_DIR` (or the network) has its weights.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

import tlcore
from tlcore.datasets.helmets import draw_worker

NAME = "helmets"
PER_CLASS = 100
NUM_IMAGES = 600
SEEDS = 5
SCRATCH_SEEDS = 3
SCRATCH_EPOCHS = 25

Scores = Callable[[NDArray[np.int64], NDArray[np.int64], int], NDArray[np.int64]]


def _all_images() -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    data = tlcore.load_dataset("helmets", num_images=NUM_IMAGES, seed=0)
    parts = list(data.splits.values())
    return np.concatenate([part.images for part in parts]), np.concatenate([part.labels for part in parts])


def _score(case: str, labels: NDArray[np.int64], predict: Scores, seeds: int) -> dict[str, Any]:
    from sklearn.metrics import balanced_accuracy_score

    scores = []
    for seed in range(seeds):
        order = np.random.default_rng(seed).permutation(len(labels))
        train = np.concatenate([order[labels[order] == label][:PER_CLASS] for label in (0, 1)])
        test = np.setdiff1d(order, train)
        scores.append(100 * balanced_accuracy_score(labels[test], predict(train, test, seed)))
    return {
        "case": case,
        "value": round(float(np.mean(scores)), 1),
        "spread": round(float(np.std(scores)), 1),
        "unit": "% balanced accuracy",
    }


def _probe(features: NDArray[Any], labels: NDArray[np.int64]) -> Scores:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    def predict(train: NDArray[np.int64], test: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
        model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=2000))
        return np.asarray(model.fit(features[train], labels[train]).predict(features[test]))

    return predict


def _forest(features: NDArray[Any], labels: NDArray[np.int64]) -> Scores:
    from sklearn.ensemble import RandomForestClassifier

    def predict(train: NDArray[np.int64], test: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
        model = RandomForestClassifier(300, random_state=seed)
        return np.asarray(model.fit(features[train], labels[train]).predict(features[test]))

    return predict


def _histograms(images: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Shares of 64 colours and of 8 shades of each channel: `float64 (N, 88)`."""
    shades = (images >> 5).reshape(len(images), -1, 3).astype(np.int64)
    colours = (shades // 2) @ np.array([16, 4, 1])
    rows = []
    for shade, colour in zip(shades, colours, strict=True):
        channels = [np.bincount(shade[:, channel], minlength=8) for channel in range(3)]
        rows.append(np.concatenate([*channels, np.bincount(colour, minlength=64)]) / len(colour))
    return np.array(rows)


def _scratch(images: NDArray[np.uint8], labels: NDArray[np.int64]) -> Scores:
    import keras
    from keras import layers

    def predict(train: NDArray[np.int64], test: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
        keras.utils.set_random_seed(seed)
        model = keras.Sequential([keras.Input(images.shape[1:]), layers.Rescaling(1 / 255)])
        for filters in (16, 32, 64, 128):
            model.add(layers.Conv2D(filters, 3, activation="relu"))
            model.add(layers.MaxPooling2D())
        for layer in (layers.Flatten(), layers.Dropout(0.5), layers.Dense(128, activation="relu")):
            model.add(layer)
        model.add(layers.Dense(1, activation="sigmoid"))
        model.compile(keras.optimizers.Adam(1e-3), "binary_crossentropy")
        model.fit(images[train], labels[train], epochs=SCRATCH_EPOCHS, batch_size=32, verbose=0)
        return np.asarray(model.predict(images[test], verbose=0)[:, 0] > 0.5, np.int64)

    return predict


def _pooled(weights: str, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    base = tlcore.build_base("MobileNetV2", input_shape=images.shape[1:], weights=weights)
    return tlcore.extract_features(base, images, precision="float32").mean((1, 2))  # (N, 1280)


def measure() -> list[dict[str, Any]]:
    """Speed of drawing, then each way of telling the classes apart."""
    started = time.process_time()
    for index in range(100):
        draw_worker(1, index)
    rows = [{"case": "drawing", "value": round(100 / (time.process_time() - started)), "unit": "images/s on one core"}]
    images, labels = _all_images()
    histograms = _histograms(images)
    rows.append(_score("linear probe on colour histograms", labels, _probe(histograms, labels), SEEDS))
    rows.append(_score("random forest on colour histograms", labels, _forest(histograms, labels), SEEDS))
    rows.append(_score("small network from scratch", labels, _scratch(images, labels), SCRATCH_SEEDS))
    for weights in ("random", "imagenet"):
        try:
            features = _pooled(weights, images)
        except tlcore.TransferLearningError as error:
            rows.append({"case": f"linear probe on MobileNetV2, {weights}", "value": None, "unit": str(error)})
        else:
            rows.append(_score(f"linear probe on MobileNetV2, {weights}", labels, _probe(features, labels), SEEDS))
    return rows
