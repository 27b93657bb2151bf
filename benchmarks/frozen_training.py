"""Training the head on a frozen VGG16 against the lecture's `fit`: 20 epochs, extraction included."""

from __future__ import annotations

from typing import Any

import tlcore
from benchmarks.lecture import (
    BATCH_SIZE,
    EPOCHS_NOTE,
    NUM_IMAGES,
    alternate,
    compile_network,
    dataset,
    fit_seconds,
    images_of,
    keras_base,
    keras_network,
    lesson_operations,
    private_home,
    result,
    share_of_limit,
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
    with private_home():
        epoch = fit_seconds(rna, data, prepare)
        sides = {"theirs": lambda: EPOCHS * epoch()}
        for precision in ("float32", "auto"):
            spec = specification(precision)
            sides[precision] = lambda chosen=spec: train_cold(chosen, data)[0]
        medians = alternate(sides)
    work = lesson_operations(images_of(data), EPOCHS * NUM_IMAGES, 0)
    return [
        result(
            f"VGG16 frozen, 20 epochs, {precision}",
            medians[precision],
            medians["theirs"],
            **share_of_limit(work / medians[precision], precision),
            method=f"{EPOCHS_NOTE}; ours: whole runs with an empty cache, nothing multiplied",
        )
        for precision in ("float32", "auto")
    ]


def specification(precision: str) -> tlcore.TrainingSpec:
    return tlcore.TrainingSpec(
        base="VGG16", weights="random", method="frozen", epochs=EPOCHS, batch_size=BATCH_SIZE, precision=precision
    )
