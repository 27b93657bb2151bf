"""The lecture's code with the second `compile` left out: plain Keras, because the mistake is one of plain Keras."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...datasets import Dataset
from ..specification import Cell, Values, Watcher
from .data import load
from .probes import balanced_accuracy
from .trained import labels_by


def train_without_recompiling(cell: Cell, watcher: Watcher) -> Values:
    """Trains the head, unfreezes the base, and trains on without compiling again."""
    import keras

    data, training = load(cell), cell["training"]
    keras.utils.set_random_seed(training["seed"])
    network, base = _network(data, training)
    before = _weights(base)
    start = time.perf_counter()
    history = _fit(network, data, training["epochs"], watcher)
    base.trainable = True  # and no network.compile(...) after it
    if not watcher.should_stop():
        history += _fit(network, data, training["fine_tuning_epochs"], watcher)
    drift = {layer: _distance(kernel, before[layer]) for layer, kernel in _weights(base).items()}
    rows = [{"epoch": number, **row} for number, row in enumerate(history, start=1)]
    seconds = time.perf_counter() - start
    return {
        "accuracy": balanced_accuracy(labels_by(network, data.test.images), data.test.labels),
        "num_test": len(data.test),
        "history": rows,
        "drift": drift,
        "largest_drift": max(drift.values()),
        "timings": {"fit": seconds},
        "epoch_s": seconds / max(1, len(rows)),
        "tensors": [],
    }


def _network(data: Dataset, training: dict[str, Any]) -> tuple[Any, Any]:
    """The lecture's network, frozen and compiled, and its base."""
    from keras import Input, Model, layers, optimizers

    from ...models import build_base
    from ...models.head import classifier_of, loss_of

    shape = (*data.image_size, 3)
    base = build_base(training["base"], input_shape=shape, weights=training["weights"])
    images = Input(shape)
    x = layers.Flatten()(base(images))
    x = layers.Dense(training["head"][0], activation="relu")(x)
    x = layers.Dropout(0.5)(x)
    network = Model(images, layers.Dense(*classifier_of(data.num_classes))(x))
    base.trainable = False
    loss = loss_of(data.num_classes)
    network.compile(optimizers.RMSprop(training["learning_rate"]), loss=loss, metrics=["accuracy"])
    return network, base


def _fit(network: Any, data: Dataset, epochs: int, watcher: Watcher) -> list[dict[str, Any]]:
    """`epochs` of training, one row each."""
    from keras.callbacks import LambdaCallback

    def after_batch(batch: int, logs: Any) -> None:
        network.stop_training = watcher.should_stop()

    def after_epoch(epoch: int, logs: Any) -> None:
        watcher.emit({"kind": "progress", "phase": "training", "done": epoch + 1, "total": epochs})

    fitted = network.fit(
        data.train.images,
        data.train.labels,
        batch_size=32,
        epochs=epochs,
        validation_data=(data.validation.images, data.validation.labels),
        callbacks=[LambdaCallback(on_train_batch_end=after_batch, on_epoch_end=after_epoch)],
        verbose=0,
    )
    columns = {name: [float(value) for value in values] for name, values in fitted.history.items()}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _weights(base: Any) -> dict[str, NDArray[np.float32]]:
    """All weights of each layer that has any, as one vector a layer."""
    return {
        layer.name: np.concatenate([np.ravel(weight) for weight in layer.get_weights()])
        for layer in base.layers
        if layer.weights
    }


def _distance(weights: NDArray[np.float32], before: NDArray[np.float32]) -> float:
    return float(np.linalg.norm(weights - before) / np.linalg.norm(before))
