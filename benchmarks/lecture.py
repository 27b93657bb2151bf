"""What the benchmarks of transfer learning share: the images, the lecture's own Keras code, the machine's limit."""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import tlcore
from tlcore.datasets import Dataset, Split
from tlcore.settings import get_settings

SIZE = 150
NUM_IMAGES = 512
BATCH_SIZE = 32
REPEATS = 3
#: The sides take turns for so long at most, once each in any case: every benchmark ends within ten minutes.
LONGEST_S = 240.0
#: VGG16 with `predict`, images a second, from which on a machine has the time for all images; one that is slower takes
#: fewer, which is the harder for us: what we pay once is shared by fewer images.
_FAST, _MEDIUM = 20.0, 9.0
#: Every epoch of `fit` costs the same, so that two are timed after a warm-up and multiplied.
TIMED_EPOCHS = 2
EPOCHS_NOTE = f"theirs: {TIMED_EPOCHS} epochs timed after a warm-up, multiplied"


def photographs(count: int = NUM_IMAGES, seed: int = 0) -> NDArray[np.uint8]:
    """Random pixels, `uint8 (count, 150, 150, 3)`: the time does not depend on what they show."""
    return np.random.default_rng(seed).integers(0, 256, (count, SIZE, SIZE, 3), dtype=np.uint8)


@cache
def lesson_images() -> int:
    """Training images of a lesson, by what VGG16's `predict` does in a moment here: 512, 256 or 128."""
    rna_base, _ = keras_base("VGG16")
    sample = photographs(BATCH_SIZE).astype(np.float32)
    rna_base.predict(sample[:2], verbose=0)
    speed = BATCH_SIZE / seconds(lambda: rna_base.predict(sample, verbose=0))
    return NUM_IMAGES if speed > _FAST else NUM_IMAGES // 2 if speed > _MEDIUM else NUM_IMAGES // 4


def dataset(validation: int = 32) -> Dataset:
    """Training images of two classes, and fewer to validate and test with: both sides do all of it."""

    def split(count: int, seed: int) -> Split:
        labels = (np.arange(count) % 2).astype(np.int64)
        return Split(photographs(count, seed), labels, tuple(map(str, range(count))))

    return Dataset("random", ("0", "1"), split(lesson_images(), 0), split(validation, 1), split(validation, 2))


def images_of(data: Dataset) -> int:
    """Images of all splits together."""
    return sum(len(split.images) for split in data.splits.values())


def keras_base(name: str) -> tuple[Any, Callable[[NDArray[Any]], NDArray[np.float32]]]:
    """The base as the lecture loads it (random weights cost the same time), and its preprocessing.

    keras.applications has no EfficientNetLite0: it is the one of tlcore, with its preprocessing inside.
    """
    import keras

    if name == "EfficientNetLite0":
        rna_base = tlcore.build_base(name, input_shape=(SIZE, SIZE, 3), weights="random")
        return rna_base, lambda images: images.astype(np.float32)
    rna_base = getattr(keras.applications, name)(weights=None, include_top=False, input_shape=(SIZE, SIZE, 3))
    family = {"VGG16": "vgg16", "MobileNetV2": "mobilenet_v2"}[name]
    prepare = getattr(keras.applications, family).preprocess_input
    return rna_base, lambda images: prepare(images.astype(np.float32))


def keras_network(rna_base: Any) -> Any:
    """Slide 35: the base as a layer, Flatten and two dense layers."""
    from keras import layers, models

    rna = models.Sequential()
    rna.add(rna_base)
    rna.add(layers.Flatten())
    rna.add(layers.Dense(256, activation="relu"))
    rna.add(layers.Dropout(0.5))
    rna.add(layers.Dense(1, activation="sigmoid"))
    return rna


def compile_network(rna: Any, learning_rate: float) -> None:
    """Slides 33 and 47."""
    from keras import optimizers

    rna.compile(
        optimizer=optimizers.RMSprop(learning_rate=learning_rate), loss="binary_crossentropy", metrics=["accuracy"]
    )


def unfreeze_block5(rna_base: Any) -> None:
    """Slide 45."""
    rna_base.trainable = True
    set_trainable = False
    for layer in rna_base.layers:
        if layer.name == "block5_conv1":
            set_trainable = True
        layer.trainable = set_trainable


def fit_seconds(rna: Any, data: Dataset, prepare: Callable[[NDArray[Any]], NDArray[np.float32]]) -> Callable[[], float]:
    """Warms `fit` up; the function that comes back gives the seconds of one epoch."""
    images, validation = prepare(data.train.images), prepare(data.validation.images)

    def fit(epochs: int) -> None:
        judged = (validation, data.validation.labels)
        rna.fit(images, data.train.labels, epochs=epochs, batch_size=BATCH_SIZE, validation_data=judged, verbose=0)

    fit(1)
    return lambda: seconds(lambda: fit(TIMED_EPOCHS)) / TIMED_EPOCHS


def seconds(work: Callable[[], Any]) -> float:
    """Wall-clock seconds of one call."""
    start_s = time.perf_counter()
    work()
    return time.perf_counter() - start_s


def alternate(sides: dict[str, Callable[[], float]], repeats: int = REPEATS) -> dict[str, float]:
    """Median of what each side returns, the sides taking turns so that a slow minute hits all of them.

    Slow machines take fewer turns: no further one is begun that would end after `LONGEST_S`.
    """
    taken: dict[str, list[float]] = {name: [] for name in sides}
    start_s = time.perf_counter()
    for turn in range(1, repeats + 1):
        for name, side in sides.items():
            taken[name].append(side())
        if (time.perf_counter() - start_s) * (turn + 1) / turn > LONGEST_S:
            break
    return {name: statistics.median(values) for name, values in taken.items()}


def compared(
    case: str, theirs: Callable[[], float], ours: Callable[[str], float], *, operations: float, method: str
) -> list[dict[str, Any]]:
    """Rows of the benchmark's table, one for each of our precisions, with theirs measured once between them.

    Args:
        case: What is done.
        theirs: Does it once; returns seconds.
        ours: Takes a precision, does it with an empty cache; returns seconds.
        operations: Floating-point operations that the lesson needs.
        method: How the seconds came about.
    """
    precisions = ("float32", "auto")
    with private_home():
        medians = alternate({"theirs": theirs, **{precision: partial(ours, precision) for precision in precisions}})
    return [
        result(
            f"{case}, {lesson_images()} images, {precision}",
            medians[precision],
            medians["theirs"],
            **share_of_limit(operations / medians[precision], precision),
            method=method,
        )
        for precision in precisions
    ]


@contextmanager
def private_home() -> Iterator[Path]:
    """A home of its own, so that nothing that lies in the person's cache makes us look fast."""
    with tempfile.TemporaryDirectory() as folder:
        before = os.environ.get("TLCORE_HOME")
        os.environ["TLCORE_HOME"] = folder
        get_settings.cache_clear()
        try:
            yield Path(folder)
        finally:
            os.environ.pop("TLCORE_HOME")
            if before is not None:
                os.environ["TLCORE_HOME"] = before
            get_settings.cache_clear()


def forget_features() -> None:
    """Empties the features cache; what was measured about the machine stays."""
    shutil.rmtree(get_settings().home / "features", ignore_errors=True)


def train_cold(spec: tlcore.TrainingSpec, data: Dataset) -> tuple[float, Any]:
    """Seconds of a whole run that finds nothing in the cache, and the run.

    The very first one also measures the machine and compiles; the median of three leaves it out.
    """
    forget_features()
    start_s = time.perf_counter()
    run = tlcore.train(spec, data)
    return time.perf_counter() - start_s, run


def result(case: str, ours_s: float, theirs_s: float, **facts: Any) -> dict[str, Any]:
    """One row of the benchmark's table."""
    return {
        "case": case,
        "ours_s": round(ours_s, 3),
        "theirs_s": round(theirs_s, 3),
        "ratio": round(theirs_s / ours_s, 2),
        **facts,
    }


@cache
def matrix_product_flops(dtype: str, sizes: tuple[int, ...] = (1024, 2048, 4096), repeats: int = 8) -> float:
    """The machine's own limit: floating-point operations a second of the fastest of some large matrix products."""
    import tensorflow as tf

    fastest = 0.0
    for size in sizes:
        matrix = tf.cast(tf.random.normal((size, size)), dtype)
        for product in (tf.linalg.matmul, tf.function(tf.linalg.matmul)):
            product(matrix, matrix)
            best_s = min(seconds(partial(product, matrix, matrix)) for _ in range(repeats))
            fastest = max(fastest, 2.0 * size**3 / best_s)
    return fastest


def extraction_share(name: str, images_per_second: float, precision: str) -> dict[str, float]:
    """Images a second times operations an image (one forward pass), as a share of the matrix product's speed."""
    summary = tlcore.describe(name, input_shape=(SIZE, SIZE, 3), include_top=False)
    return share_of_limit(images_per_second * 2.0 * summary.total_macs, precision)


def lesson_operations(extracted: int, head: int, tuned: int) -> float:
    """Floating-point operations that VGG16's lesson cannot do without: what is cached is not counted again.

    Args:
        extracted: Images run through the base once.
        head: Images times epochs of training the dense layers: forward, and a gradient each for weights and inputs.
        tuned: Images times epochs of training from block5_conv1 on; its inputs need no gradient.
    """
    summary = tlcore.describe("VGG16", input_shape=(SIZE, SIZE, 3), include_top=False)
    block5 = [layer.macs for layer in summary.layers if layer.name.startswith("block5_conv")]
    dense = np.prod(summary.layers[-1].output_shape) * 256 + 256
    tuned_macs = 3 * (sum(block5) + dense) - block5[0]
    return 2.0 * float(summary.total_macs * extracted + 3 * dense * head + tuned_macs * tuned)


def share_of_limit(operations_per_second: float, precision: str) -> dict[str, float]:
    """Operations done a second, and their share of the matrix product's speed in the same precision."""
    limit = matrix_product_flops("float32" if precision == "float32" else fastest_precision())
    return {
        "gflops": round(operations_per_second / 1e9, 1),
        "limit_gflops": round(limit / 1e9, 1),
        "share_of_limit": round(operations_per_second / limit, 3),
    }


@cache
def fastest_precision() -> str:
    """The precision in which this machine multiplies matrices fastest: what "auto" can hope for."""
    return max(("float32", "bfloat16"), key=matrix_product_flops)
