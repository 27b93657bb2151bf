"""Feature extraction against the lecture's `rna_base.predict`: VGG16, MobileNetV2 and EfficientNetLite0 at 150x150."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

import tlcore
from benchmarks.lecture import (
    BATCH_SIZE,
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
from tlcore.features.choice import WORTH_MEASURING_IMAGES, choose_forward

BASES = ("MobileNetV2", "EfficientNetLite0", "VGG16")
#: A timed call of `predict` takes about so long; how many images that is depends on the base and the machine.
_CALL_S = 10.0


def measure() -> Iterator[dict[str, Any]]:
    """Each base in float32 and in the precision that is fastest here; features are compared, too."""
    for name in BASES:
        with private_home():
            yield from _measure_base(name)


def _measure_base(name: str) -> list[dict[str, Any]]:
    rna_base, prepare = keras_base(name)
    images = photographs(_count(rna_base))
    prepared = prepare(images)  # not counted: preprocessing is inside on our side, and free on theirs
    expected = rna_base.predict(prepared, verbose=0)
    sides = {"theirs": lambda: seconds(lambda: rna_base.predict(prepared, verbose=0))}
    facts = {}
    for precision in ("float32", "auto"):
        # A base of its own each: a base keeps one compiled copy, as `predict` does, and a person stays with one.
        base = tlcore.build_base(name, input_shape=(SIZE, SIZE, 3), weights="random")
        base.set_weights(rna_base.get_weights())
        facts[precision] = _choice(base, precision)
        extract = partial(tlcore.extract_features, base, images, precision=precision)
        features = extract()  # warm-up
        facts[precision]["relative_difference"] = float(np.linalg.norm(features - expected) / np.linalg.norm(expected))
        sides[precision] = partial(seconds, extract)
    medians = alternate(sides)
    return [
        result(
            f"{name}, {precision}",
            medians[precision],
            medians["theirs"],
            images=len(images),
            images_per_second=round(len(images) / medians[precision], 1),
            **facts[precision],
            **extraction_share(name, len(images) / medians[precision], precision),
        )
        for precision in facts
    ]


def _count(rna_base: Any) -> int:
    """Images of a timed call: as many as `predict` does in ten seconds, and enough to be worth a choice."""
    sample = photographs(BATCH_SIZE).astype(np.float32)
    rna_base.predict(sample[:2], verbose=0)
    speed = BATCH_SIZE / seconds(lambda: rna_base.predict(sample, verbose=0))
    count = int(_CALL_S * speed) // BATCH_SIZE * BATCH_SIZE
    return min(max(count, WORTH_MEASURING_IMAGES), NUM_IMAGES)


def _choice(base: Any, precision: str) -> dict[str, Any]:
    """What was measured and chosen for a job of 512 images, as a person's first extraction does it."""
    job = np.broadcast_to(photographs(BATCH_SIZE), (NUM_IMAGES // BATCH_SIZE, BATCH_SIZE, SIZE, SIZE, 3))
    taken: list[Any] = []
    choosing_s = seconds(
        lambda: taken.append(choose_forward(base, job.reshape(-1, SIZE, SIZE, 3), precision=precision))
    )
    speeds = taken[0].speeds
    return {
        "runtime": taken[0].forward.plan.name,
        "choosing_s": round(choosing_s, 2),
        "conversion_s": speeds.conversion_s,
        "measured": speeds.images_per_second,
    }
