"""The whole lesson with VGG16: extract, train the head 20 epochs, fine-tune 10 epochs from block5_conv1."""

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
    seconds,
    train_cold,
    unfreeze_block5,
)

HEAD_EPOCHS, FINE_TUNING_EPOCHS = 20, 10
OUR_FINE_TUNING_EPOCHS = 2


def measure() -> list[dict[str, Any]]:
    """Theirs: `predict` on all images, then slides 35-47: `fit` with the base frozen, `fit` with block 5 unfrozen."""
    data = dataset()
    note = (
        f"{EPOCHS_NOTE}, plus one `predict` of all images; ours: a whole run with an empty cache, of which "
        f"{OUR_FINE_TUNING_EPOCHS} epochs of fine-tuning timed, their median multiplied"
    )
    return compared(
        "VGG16 whole lesson",
        keras_lesson(data),
        lambda precision: our_seconds(specification(precision), data),
        operations=lesson_operations(
            images_of(data), HEAD_EPOCHS * lesson_images(), FINE_TUNING_EPOCHS * lesson_images()
        ),
        method=note,
    )


def keras_lesson(data: Any) -> Any:
    """Two networks, so that each is compiled once and warmed up: one frozen, one with block 5 unfrozen."""
    rna_base, prepare = keras_base("VGG16")
    frozen = keras_network(rna_base)
    rna_base.trainable = False
    compile_network(frozen, 1e-4)
    frozen_epoch = fit_seconds(frozen, data, prepare)
    tuned_base, _ = keras_base("VGG16")
    tuned = keras_network(tuned_base)
    unfreeze_block5(tuned_base)
    compile_network(tuned, 1e-5)
    tuned_epoch = fit_seconds(tuned, data, prepare)
    prepared = [prepare(split.images) for split in data.splits.values()]
    rna_base.predict(prepared[1], verbose=0)

    def lesson() -> float:
        extracted_s = seconds(lambda: [rna_base.predict(images, verbose=0) for images in prepared])
        return extracted_s + HEAD_EPOCHS * frozen_epoch() + FINE_TUNING_EPOCHS * tuned_epoch()

    return lesson


def specification(precision: str) -> tlcore.TrainingSpec:
    return tlcore.TrainingSpec(
        base="VGG16",
        weights="random",
        method="fine_tuning",
        unfreeze_from="block5_conv1",
        epochs=HEAD_EPOCHS,
        fine_tuning_epochs=OUR_FINE_TUNING_EPOCHS,
        batch_size=BATCH_SIZE,
        precision=precision,
    )


def our_seconds(spec: tlcore.TrainingSpec, data: Any) -> float:
    """A whole cold run, with the epochs of fine-tuning counted as ten at their median."""
    total_s, run = train_cold(spec, data)
    tuned = [row["seconds"] for row in run.history if row["phase"] == "fine_tuning"]
    return total_s - sum(tuned) + FINE_TUNING_EPOCHS * statistics.median(tuned)
