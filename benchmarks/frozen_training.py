"""Training the head on a frozen VGG16 against the lecture's `fit`: 20 epochs, extraction included."""

from __future__ import annotations

from typing import Any

import tlcore
from benchmarks.lecture import (
    BATCH_SIZE,
    EPOCHS_NOTE,
    compared,
    compile_network,
    dataset,
    fit_seconds,
    images_of,
    keras_base,
    keras_network,
    lesson_images,
    lesson_operations,
    train_cold,
)

EPOCHS = 20


def measure() -> list[dict[str, Any]]:
    """Our whole run with an empty cache, in float32 and in the fastest precision, against 20 epochs of theirs."""
    data = dataset()
    rna_base, prepare = keras_base("VGG16")
    rna = keras_network(rna_base)
    rna_base.trainable = False
    compile_network(rna, 1e-4)
    epoch = fit_seconds(rna, data, prepare)
    return compared(
        "VGG16 frozen, 20 epochs",
        lambda: EPOCHS * epoch(),
        lambda precision: train_cold(specification(precision), data)[0],
        operations=lesson_operations(images_of(data), EPOCHS * lesson_images(), 0),
        method=f"{EPOCHS_NOTE}; ours: whole runs with an empty cache, nothing multiplied",
    )


def specification(precision: str) -> tlcore.TrainingSpec:
    return tlcore.TrainingSpec(
        base="VGG16", weights="random", method="frozen", epochs=EPOCHS, batch_size=BATCH_SIZE, precision=precision
    )
