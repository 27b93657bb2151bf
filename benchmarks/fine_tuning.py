"""Fine-tuning VGG16 from block5_conv1 against the lecture's `fit`: 10 epochs after the head was trained."""

from __future__ import annotations

import statistics
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
    unfreeze_block5,
)

EPOCHS = 10
OUR_EPOCHS = 3


def measure() -> list[dict[str, Any]]:
    """Ours: extraction and building with an empty cache, then ten times the median epoch of fine-tuning."""
    data = dataset()
    rna_base, prepare = keras_base("VGG16")
    rna = keras_network(rna_base)
    unfreeze_block5(rna_base)
    compile_network(rna, 1e-5)
    epoch = fit_seconds(rna, data, prepare)
    return compared(
        "VGG16 from block5_conv1, 10 epochs",
        lambda: EPOCHS * epoch(),
        lambda precision: our_seconds(specification(precision), data),
        operations=lesson_operations(images_of(data), 0, EPOCHS * lesson_images()),
        method=f"{EPOCHS_NOTE}; ours: {OUR_EPOCHS} epochs timed, their median multiplied, extraction added",
    )


def specification(precision: str) -> tlcore.TrainingSpec:
    return tlcore.TrainingSpec(
        base="VGG16",
        weights="random",
        method="fine_tuning",
        unfreeze_from="block5_conv1",
        epochs=1,
        fine_tuning_epochs=OUR_EPOCHS,
        batch_size=BATCH_SIZE,
        precision=precision,
    )


def our_seconds(spec: tlcore.TrainingSpec, data: Any) -> float:
    """A whole cold run without its epochs, plus ten epochs of fine-tuning at their median."""
    total_s, run = train_cold(spec, data)
    rows = [row["seconds"] for row in run.history]
    tuned = [row["seconds"] for row in run.history if row["phase"] == "fine_tuning"]
    return total_s - sum(rows) + EPOCHS * statistics.median(tuned)
