"""Training from the cut equals what Keras's own `fit` does with the whole network, written as its users write it.

The other side is the lecture's code (slides 35-47): a network of keras.applications as a layer of another,
`preprocess_input`, `trainable`, `compile`, one `fit` a phase with Keras's own schedules and callbacks. Only the start
of the weights and the order of the images are taken from here, since both sides must have the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.contracts.chosen import EVERY
from tlcore.datasets import Dataset, Split
from tlcore.training import Run, TrainingSpec, train
from tlcore.training.loop import epoch_order
from tlcore.training.network import build_network

#: Base -> module of keras.applications that has its `preprocess_input`.
PREPROCESSING = {"VGG16": "vgg16", "ResNet50": "resnet", "MobileNetV2": "mobilenet_v2", "DenseNet121": "densenet"}


def noisy_dataset(num_classes: int = 2, size: int = 32, images: int = 22) -> Dataset:
    """Noise with a colour cast that tells the class; classes of unequal size; the last batch of 8 is a partial one.

    All parts have as many images, so that what is compiled for one of them serves the others.
    """
    generator = np.random.default_rng(7)

    def split(count: int) -> Split:
        labels = np.where(np.arange(count) % 4 == 3, 0, np.arange(count) % num_classes).astype(np.int64)
        pixels = generator.integers(0, 150, (count, size, size, 3), dtype=np.uint8)
        pixels[np.arange(count), :, :, labels % 3] += 80
        return Split(pixels, labels, tuple(str(place) for place in range(count)))

    names = tuple(f"class {label}" for label in range(num_classes))
    return Dataset("noise", names, split(images), split(images), split(images))


def in_order(images: NDArray[np.float32], labels: NDArray[np.int64], spec: TrainingSpec, phase: int) -> Any:
    """Batches for `fit` in the order of our run, epoch after epoch."""
    import tensorflow as tf

    def batches() -> Iterator[tuple[NDArray[np.float32], NDArray[np.int64]]]:
        epoch = 0
        while True:
            order = epoch_order(spec.seed, phase, epoch, len(labels))
            for start in range(0, len(labels), spec.batch_size):
                chosen = order[start : start + spec.batch_size]
                yield images[chosen], labels[chosen]
            epoch += 1

    signature = (tf.TensorSpec((None, *images.shape[1:])), tf.TensorSpec((None,), tf.int64))
    return tf.data.Dataset.from_generator(batches, output_signature=signature)


def lecture_network(spec: TrainingSpec, data: Dataset) -> tuple[Any, Any]:
    """Slide 35, with weights that start as those of our run: (rna_base, rna)."""
    import keras
    from keras import layers, models, regularizers

    start = build_network(spec, (*data.image_size, 3), data.num_classes).model.get_weights()
    rna_base = getattr(keras.applications, spec.base)(
        weights=None, include_top=False, input_shape=(*data.image_size, 3)
    )
    penalty = regularizers.L2(spec.l2) if spec.l2 else None
    head = models.Sequential([layers.GlobalAveragePooling2D() if spec.pooling == "average" else layers.Flatten()])
    for number, units in enumerate(spec.head, start=1):
        head.add(layers.Dense(units, activation="relu", kernel_regularizer=penalty))
        if spec.dropout:
            head.add(layers.Dropout(spec.dropout, seed=spec.seed + number))
    units, activation = (1, "sigmoid") if data.num_classes == 2 else (data.num_classes, "softmax")
    head.add(layers.Dense(units, activation=activation, kernel_regularizer=penalty))
    imagens = keras.Input((*data.image_size, 3))
    base = in_inference(rna_base) if spec.batch_norm == "inference" else rna_base
    rna = models.Model(imagens, head(base(imagens)))
    rna.set_weights(start)
    return rna_base, rna


def in_inference(rna_base: Any) -> Any:
    """The base as Keras's guide to transfer learning wants it run, also where it is unfrozen.

    `rna_base(images, training=False)` in a functional model, as the guide writes it, does not do: `fit` overrides it.
    """
    from keras import layers

    class InInference(layers.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.base = rna_base

        def call(self, images: Any) -> Any:
            return self.base(images, training=False)

    return InInference()


def train_plainly(spec: TrainingSpec, data: Dataset) -> tuple[list[dict[str, float]], list[NDArray[Any]]]:
    """Slides 36-47: (rows of the history, final weights)."""
    import keras

    prepare = getattr(keras.applications, PREPROCESSING[spec.base]).preprocess_input
    images, judged = (prepare(part.images.astype(np.float32)) for part in (data.train, data.validation))
    rna_base, rna = lecture_network(spec, data)
    rna_base.trainable = False
    rows = fit(rna, spec, data, images, judged, phase=0)
    if spec.method == "fine_tuning":
        rna_base.trainable = True
        set_trainable = False
        for layer in rna_base.layers:
            if layer.name == spec.unfreeze_from:
                set_trainable = True
            layer.trainable = set_trainable
        rows += fit(rna, spec, data, images, judged, phase=1)
    return rows, rna.get_weights()


def fit(rna: Any, spec: TrainingSpec, data: Dataset, images: Any, judged: Any, *, phase: int) -> list[dict[str, float]]:
    """Compiles, after freezing, and trains one phase."""
    from keras import callbacks, optimizers

    rate = (spec.learning_rate, spec.fine_tuning_learning_rate)[phase]
    epochs = (spec.epochs, spec.fine_tuning_epochs)[phase]
    steps = -(-len(images) // spec.batch_size)
    schedule = optimizers.schedules.CosineDecay(rate, epochs * steps) if spec.schedule == "cosine" else rate
    optimizer = {
        "rmsprop": lambda: optimizers.RMSprop(learning_rate=schedule),
        "adam": lambda: optimizers.Adam(learning_rate=schedule),
        "sgd": lambda: optimizers.SGD(learning_rate=schedule, momentum=0.9),
    }[spec.optimizer]()
    loss = "binary_crossentropy" if data.num_classes == 2 else "sparse_categorical_crossentropy"
    # Step by step: of few batches Keras makes no graph faster than it runs them.
    rna.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"], run_eagerly=True)
    counts = np.bincount(data.train.labels)
    weights = {label: len(images) / (len(counts) * count) for label, count in enumerate(counts)}
    patience = spec.early_stopping
    history = rna.fit(
        in_order(images, data.train.labels, spec, phase),
        epochs=epochs,
        steps_per_epoch=steps,
        validation_data=(judged, data.validation.labels),
        class_weight=weights if spec.class_weights else None,
        callbacks=[callbacks.EarlyStopping(patience=patience, restore_best_weights=True)] if patience else [],
        shuffle=False,
        verbose=0,
    ).history
    return [dict(zip(history, values, strict=True)) for values in zip(*history.values(), strict=True)]


def assert_equal_runs(run: Run, rows: list[dict[str, float]], weights: list[NDArray[Any]]) -> None:
    assert len(run.history) == len(rows)
    for ours, theirs in zip(run.history, rows, strict=True):
        for name in ("loss", "accuracy", "val_loss", "val_accuracy"):
            assert ours[name] == pytest.approx(theirs[name], rel=2e-3, abs=2e-4), name
    for ours_w, theirs_w in zip(run.model.get_weights(), weights, strict=True):
        np.testing.assert_allclose(ours_w, theirs_w, rtol=2e-3, atol=2e-4)


FINE_TUNING: dict[str, Any] = {"method": "fine_tuning", "epochs": 1, "fine_tuning_epochs": 2}
CASES: dict[str, dict[str, Any]] = {
    "VGG16 from block5_conv1, as in the lecture": {"base": "VGG16", "unfreeze_from": "block5_conv1"},
    "MobileNetV2 inside a residual block": {"base": "MobileNetV2", "unfreeze_from": "block_15_depthwise"},
    "MobileNetV2, BatchNormalization set free": {
        "base": "MobileNetV2",
        "batch_norm": "training",
        "unfreeze_from": "block_16_expand",
        "optimizer": "adam",
        "schedule": "cosine",
        "class_weights": True,
    },
}
#: Deep ones, which take up to a minute each.
DEEP: dict[str, dict[str, Any]] = {
    "VGG16 from block4_conv2, all options": {
        "base": "VGG16",
        "unfreeze_from": "block4_conv2",
        "optimizer": "sgd",
        "schedule": "cosine",
        "l2": 0.01,
        "class_weights": True,
        "pooling": "average",
    },
    "ResNet50 inside a residual block, BatchNormalization set free": {
        "base": "ResNet50",
        "batch_norm": "training",
        "unfreeze_from": "conv5_block3_2_conv",
        "optimizer": "adam",
        "schedule": "cosine",
        "class_weights": True,
    },
    "DenseNet121 inside a dense block": {
        "base": "DenseNet121",
        "unfreeze_from": "conv5_block15_1_conv",
        "optimizer": "sgd",
        "l2": 0.01,
        "fine_tuning_epochs": 1,  # step by step, an epoch of its 429 layers takes seconds; fewer batches as well
    },
}
CASES |= DEEP if EVERY else {}


@pytest.mark.timeout(1200)  # four large networks are built and compiled on both sides
@pytest.mark.parametrize("case", CASES)
def test_training_from_the_cut_equals_plain_keras(case: str) -> None:
    settings = {**FINE_TUNING, **CASES[case]}
    spec = TrainingSpec(**settings, weights="random", head=(16,), batch_size=8, learning_rate=1e-3)
    data = noisy_dataset(images={"DenseNet121": 8, "ResNet50": 14}.get(spec.base, 22))
    run = train(spec, data)
    assert_equal_runs(run, *train_plainly(spec, data))
    assert run.cost_ledger["cached_bytes"] > 0


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("optimizer", "num_classes"), [("rmsprop", 2), ("adam", 3), ("sgd", 3)])
def test_optimisers_penalties_and_class_weights_are_those_of_keras(optimizer: str, num_classes: int) -> None:
    spec = TrainingSpec(
        base="VGG16",
        weights="random",
        method="frozen",
        optimizer=optimizer,
        head=(16, 8),
        pooling="average",
        l2=0.01,
        class_weights=True,
        learning_rate=1e-2 if optimizer == "sgd" else 1e-3,
        epochs=2,
        batch_size=8,
    )
    data = noisy_dataset(num_classes, images=14)
    assert_equal_runs(train(spec, data), *train_plainly(spec, data))


@pytest.mark.timeout(600)
def test_early_stopping_is_that_of_keras() -> None:
    spec = TrainingSpec(
        base="VGG16",
        weights="random",
        method="frozen",
        optimizer="adam",
        head=(8,),
        pooling="average",
        learning_rate=0.3,  # so large that the validation loss soon rises
        epochs=25,
        early_stopping=1,
        batch_size=8,
    )
    data = noisy_dataset()
    run = train(spec, data)
    assert 2 < len(run.history) < 25
    assert_equal_runs(run, *train_plainly(spec, data))
