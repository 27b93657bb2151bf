"""Feature extraction against the lecture's `rna_base.predict`: VGG16 and MobileNetV2, 512 images, 150x150."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

import tlcore
from benchmarks.lecture import (
    NUM_IMAGES,
    SIZE,
    alternate,
    extraction_share,
    keras_base,
    photographs,
    private_home,
    result,
    seconds,
)


def measure() -> list[dict[str, Any]]:
    """Each base in float32 and in the precision that is fastest here; features are compared, too."""
    with private_home():
        return [row for name in ("VGG16", "MobileNetV2") for row in _measure_base(name)]


def _measure_base(name: str) -> list[dict[str, Any]]:
    images = photographs()
    rna_base, prepare = keras_base(name)
    prepared = prepare(images)  # not counted: preprocessing is inside on our side, and free on theirs
    expected = rna_base.predict(prepared, verbose=0)
    sides = {"theirs": lambda: seconds(lambda: rna_base.predict(prepared, verbose=0))}
    differences = {}
    for precision in ("float32", "auto"):
        # A base of its own each: a base keeps one compiled copy, as `predict` does, and a person stays with one.
        base = tlcore.build_base(name, input_shape=(SIZE, SIZE, 3), weights="random")
        base.set_weights(rna_base.get_weights())
        extract = partial(tlcore.extract_features, base, images, precision=precision)
        features = extract()  # warm-up; "auto" measures here, once
        differences[precision] = float(np.linalg.norm(features - expected) / np.linalg.norm(expected))
        sides[precision] = partial(seconds, extract)
    medians = alternate(sides)
    return [
        result(
            f"{name}, {precision}",
            medians[precision],
            medians["theirs"],
            relative_difference=differences[precision],
            images_per_second=round(NUM_IMAGES / medians[precision], 1),
            **extraction_share(name, NUM_IMAGES / medians[precision], precision),
        )
        for precision in differences
    ]
