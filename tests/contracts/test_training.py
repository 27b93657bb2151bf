"""Training from the cut equals plain Keras training of the whole network."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tlcore.datasets import Dataset, Split
from tlcore.training import Run, TrainingSpec, train
from tlcore.training.loop import epoch_order
from tlcore.training.network import build_network, freeze_base
from tlcore.training.phases import phases_of


def noisy_dataset(num_classes: int = 2, size: int = 32, images: int = 22) -> Dataset:
    """Noise with a colour cast that tells the class; the last batch of 8 is a partial one."""
    generator = np.random.default_rng(7)

    def split(count: int) -> Split:
        labels = (np.arange(count) % num_classes).astype(np.int64)
        pixels = generator.integers(0, 150, (count, size, size, 3), dtype=np.uint8)
        pixels[np.arange(count), :, :, labels % 3] += 80
        return Split(pixels, labels, tuple(str(place) for place in range(count)))

    names = tuple(f"class {label}" for label in range(num_classes))
    return Dataset("noise", names, split(images), split(9), split(7))


def train_plainly(spec: TrainingSpec, data: Dataset) -> tuple[list[dict[str, float]], list[NDArray[Any]]]:
    """The lecture's code: freeze, compile, fit; the whole network runs in each epoch."""
    import keras

    network = build_network(spec, (*data.image_size, 3), data.num_classes)
    rows = []
    for place, phase in enumerate(phases_of(spec, network)):
        freeze_base(network, phase.first_trained)
        optimizers = {"rmsprop": keras.optimizers.RMSprop, "adam": keras.optimizers.Adam}
        momentum = {"learning_rate": phase.learning_rate, "momentum": 0.9}
        optimizer = (
            keras.optimizers.SGD(**momentum)
            if spec.optimizer == "sgd"
            else optimizers[spec.optimizer](learning_rate=phase.learning_rate)
        )
        loss = "binary_crossentropy" if data.num_classes == 2 else "sparse_categorical_crossentropy"
        network.model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"], jit_compile=False)
        counts = np.bincount(data.train.labels)
        weights = {label: len(data.train) / (data.num_classes * count) for label, count in enumerate(counts)}
        for epoch in range(phase.epochs):
            order = epoch_order(spec.seed, place, epoch, len(data.train))
            history = network.model.fit(
                data.train.images[order].astype(np.float32),
                data.train.labels[order],
                batch_size=spec.batch_size,
                validation_data=(data.validation.images.astype(np.float32), data.validation.labels),
                class_weight=weights if spec.class_weights else None,
                shuffle=False,
                verbose=0,
            )
            rows.append({name: values[0] for name, values in history.history.items()})
    return rows, network.model.get_weights()


def assert_equal_runs(run: Run, rows: list[dict[str, float]], weights: list[NDArray[Any]]) -> None:
    assert len(run.history) == len(rows)
    for ours, theirs in zip(run.history, rows, strict=True):
        for name in ("loss", "accuracy", "val_loss", "val_accuracy"):
            assert ours[name] == pytest.approx(theirs[name], rel=2e-3, abs=2e-4), name
    for ours_w, theirs_w in zip(run.model.get_weights(), weights, strict=True):
        np.testing.assert_allclose(ours_w, theirs_w, rtol=2e-3, atol=2e-4)


CASES = {
    "VGG16Slim fine-tuned": {"base": "VGG16Slim", "unfreeze_from": "block5_conv1"},
    "VGG16 head": {"base": "VGG16", "method": "frozen"},
    "ResNet50 inside a residual block": {"base": "ResNet50", "unfreeze_from": "conv5_block3_2_conv"},
    "MobileNetV2 inside a residual block": {"base": "MobileNetV2", "unfreeze_from": "block_15_depthwise"},
    "DenseNet121 inside a dense block": {"base": "DenseNet121", "unfreeze_from": "conv5_block15_1_conv"},
}


@pytest.mark.timeout(1200)  # four large networks are built and compiled on both sides
@pytest.mark.parametrize("case", CASES)
def test_training_from_the_cut_equals_plain_keras(case: str) -> None:
    settings: dict[str, Any] = {"method": "fine_tuning", "epochs": 1, "fine_tuning_epochs": 2, **CASES[case]}
    spec = TrainingSpec(**settings, weights="random", head=(16,), batch_size=8, learning_rate=1e-3)
    data = noisy_dataset()
    run = train(spec, data)
    assert_equal_runs(run, *train_plainly(spec, data))
    assert run.cost_ledger["cached_bytes"] > 0


@pytest.mark.parametrize("optimizer", ["rmsprop", "adam", "sgd"])
@pytest.mark.parametrize("num_classes", [2, 3])
def test_optimisers_penalties_and_class_weights_are_those_of_keras(optimizer: str, num_classes: int) -> None:
    spec = TrainingSpec(
        base="VGG16Slim",
        weights="random",
        method="frozen",
        optimizer=optimizer,
        head=(16, 8),
        pooling="average",
        l2=0.01,
        class_weights=True,
        learning_rate=1e-2,
        epochs=3,
        batch_size=8,
    )
    data = noisy_dataset(num_classes)
    assert_equal_runs(train(spec, data), *train_plainly(spec, data))
