"""How well the embedded VGG16Slim transfers: the whole table of its model card.

Balanced accuracy on held-out images, mean and standard deviation over seeds. A linear probe is a logistic regression on
standardised, globally pooled features; at 64 px each seed draws random weights of its own. Hard hats are split by
source photograph: none is on both sides. The photographs (validation set, `hardhat`, `trashnet`) are read from
`TLCORE_SHARED` (else `../shared`) and left out where they are not there, as is MobileNetV2, the ceiling, without its
weights; the drawn helmets and the digits are always measured.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import tlcore
from benchmarks.embedded_classifier import measure_classifier
from benchmarks.lecture import private_home
from benchmarks.transfer_tasks import SEEDS, Task, accuracy_row, probe_accuracies, shared_folder, tasks
from tlcore.experiments.measuring.trained import SCRATCH_RATE

IMAGES_PER_CLASS = (10, 20, 50, 100)
#: Ten minutes are too short to train five networks from scratch for each task.
TRAINING_SEEDS = 3
SCRATCH_SEEDS = 1
EPOCHS, FINE_TUNING_EPOCHS = 20, 10
BATCH_SIZE = 32
#: From scratch every task has as many steps, however few its images: enough to fit all of them.
SCRATCH_STEPS = 250
BLOCKS = tuple(f"block{number}_pool" for number in range(1, 6))
SIZES = (64, 96, 128, 150)
RANDOM_SIZES = (64, 150)


def _probes(
    task: Task, network: str, networks: list[NDArray[np.float32]], counts: tuple[int, ...]
) -> Iterator[dict[str, Any]]:
    """Rows of one kind of network: features of one, or of as many draws of random weights as there are seeds."""
    for count in counts:
        scores = probe_accuracies(networks, task, count)
        if scores:
            yield accuracy_row(f"{task.name}: probe, {network}, {count} a class", scores)


@cache
def _pooled_blocks(weights: str, size: int, seed: int = 0) -> Any:
    """The base with one globally pooled output a block, compiled once for all tasks."""
    import keras

    from tlcore.features.runtime_tensorflow import TensorFlowForward

    keras.utils.set_random_seed(seed)
    base = tlcore.build_base("VGG16Slim", input_shape=(size, size, 3), weights=weights)
    pooled = [keras.layers.GlobalAveragePooling2D()(base.get_layer(block).output) for block in BLOCKS]
    return TensorFlowForward(keras.Model(base.input, pooled))


@cache
def _ceiling() -> Any:
    """MobileNetV2 with ImageNet's weights; None where they are not."""
    from tlcore.settings import get_settings

    folder = shared_folder() / "weights" / "imagenet"
    if get_settings().weights_dir is None and folder.is_dir():
        os.environ["TLCORE_WEIGHTS_DIR"] = str(folder)
        get_settings.cache_clear()
    try:
        return tlcore.build_base("MobileNetV2", input_shape=(128, 128, 3), weights="imagenet")
    except tlcore.TransferLearningError:
        return None


def measure_probes(task: Task) -> Iterator[dict[str, Any]]:
    """Embedded against random weights by block, the embedded base by input size, MobileNetV2 as the ceiling."""
    for size in SIZES:
        images = task.resized(size)
        for weights in ("embedded", "random") if size in RANDOM_SIZES else ("embedded",):
            # Random weights are a matter of luck, so each seed draws its own where there is time for it.
            draws = SEEDS if (weights, size) == ("random", SIZES[0]) else 1
            networks = [_pooled_blocks(weights, size, draw).run(images) for draw in range(draws)]
            features = {block: [outputs[at] for outputs in networks] for at, block in enumerate(BLOCKS)}
            if size == SIZES[0]:
                for block in BLOCKS[:-1]:
                    yield from _probes(task, f"{weights} {block} at {size} px", features[block], (20,))
            counts = IMAGES_PER_CLASS if size == SIZES[0] else (20,)
            yield from _probes(task, f"{weights} block5_pool at {size} px", features[BLOCKS[-1]], counts)
    base = _ceiling()
    if base is not None:
        features = tlcore.extract_features(base, task.resized(128), precision="float32").mean((1, 2))
        yield from _probes(task, "MobileNetV2 at 128 px", [features], IMAGES_PER_CLASS[1:])


def _trained(task: Task, images: NDArray[np.uint8], method: str, per_class: int, seed: int) -> float | None:
    from tlcore.datasets import Dataset, Split

    split = task.split(per_class, seed)
    if split is None:
        return None

    def part(indices: NDArray[np.int64]) -> Split:
        return Split(images[indices], task.labels[indices], tuple(str(task.groups[index]) for index in indices))

    names = tuple(str(label) for label in np.unique(task.labels))
    # Nothing is chosen by the validation images here; a few of the test images keep each epoch short.
    data = Dataset(task.name, names, train=part(split[0]), validation=part(split[1][:30]), test=part(split[1]))
    settings: dict[str, Any] = {"epochs": EPOCHS, "pooling": "average", "optimizer": "adam", "learning_rate": 1e-3}
    settings |= {"fine_tuning_epochs": FINE_TUNING_EPOCHS, "fine_tuning_learning_rate": 1e-4}
    if method == "fine_tuning":
        settings["unfreeze_from"] = "block5_conv1"
    if method == "scratch":
        epochs = math.ceil(SCRATCH_STEPS * BATCH_SIZE / len(data.train))
        settings |= {"epochs": epochs, "optimizer": "rmsprop", "learning_rate": SCRATCH_RATE}
    weights = "random" if method == "scratch" else "embedded"
    spec = tlcore.TrainingSpec(
        base="VGG16Slim", weights=weights, method=method, seed=seed, batch_size=BATCH_SIZE, **settings
    )
    return float(tlcore.train(spec, data=data).test_metrics["balanced_accuracy"])


def measure_training(task: Task) -> Iterator[dict[str, Any]]:
    """Scratch, feature extraction and fine-tuning of block5 at 64 px, with as many a class as there are, to 100."""
    images = task.resized(64)
    most = next(count for count in reversed(IMAGES_PER_CLASS) if task.split(count, 0) is not None)
    seeds = {"feature_extraction": TRAINING_SEEDS, "fine_tuning": TRAINING_SEEDS, "scratch": SCRATCH_SEEDS}
    for method, number in seeds.items():
        scores = [_trained(task, images, method, most, seed) for seed in range(number)]
        yield accuracy_row(f"{task.name}: {method}, {most} a class", [score for score in scores if score is not None])


def measure_speed() -> list[dict[str, Any]]:
    """Seconds to load, images per second, size of the file."""
    tlcore.build_base("VGG16Slim", input_shape=(64, 64, 3), weights="random")  # tensorflow is loaded before the clock
    started = time.perf_counter()
    base = tlcore.build_base("VGG16Slim", input_shape=(64, 64, 3), weights="embedded")
    load_s = time.perf_counter() - started
    images = np.random.default_rng(0).integers(0, 256, (512, 64, 64, 3), "uint8")
    tlcore.extract_features(base, images[:64])
    started = time.perf_counter()
    tlcore.extract_features(base, images)
    rate = len(images) / (time.perf_counter() - started)
    folder = Path(tlcore.__file__).parent / "weights" / "embedded"
    size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    return [
        {"case": "load", "value": round(load_s, 3), "unit": "s"},
        {"case": "feature extraction at 64 px", "value": round(rate), "unit": "images/s"},
        {"case": "files", "value": round(size, 2), "unit": "MB"},
    ]


def measure() -> Iterator[dict[str, Any]]:
    """The whole table, each row as soon as it is known."""
    with private_home():
        yield from measure_speed()
        yield from measure_classifier()
        for task in tasks():
            yield from measure_probes(task)
            yield from measure_training(task)
