"""How well the bases that come with the program transfer: EfficientNetLite0, VGG16Slim, random weights, side by side.

Balanced accuracy on held-out images, mean and standard deviation over five seeds: a logistic regression on
standardised, globally pooled features of 20 images a class, at the lecture's 150 px. Each seed draws random weights of
EfficientNetLite0 of its own. Hard hats are split by source photograph: none is on both sides. The photographs
(`hardhat`, `trashnet`) are read from `TLCORE_SHARED` (else `../shared`) and left out where they are not there; drawn
helmets and the digits are always measured. How many of ImageNet's sample photographs EfficientNetLite0 names is told
where they are there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

import tlcore
from benchmarks.lecture import private_home
from benchmarks.transfer_tasks import SEEDS, Task, accuracy_row, probe_accuracies, shared_folder, tasks
from tlcore.datasets.images import decode_image
from tlcore.weights import usual_weights
from tlcore.weights.imagenet import imagenet_classes

PER_CLASS = 20
SIZE = 150
BASES = ("EfficientNetLite0", "VGG16Slim")


def _pooled_features(base: str, weights: str, images: NDArray[np.uint8], seed: int = 0) -> NDArray[np.float32]:
    """`float32 (N, channels)`."""
    import keras

    keras.utils.set_random_seed(seed)
    network = tlcore.build_base(base, input_shape=(SIZE, SIZE, 3), weights=weights)
    return tlcore.extract_features(network, images, precision="float32").mean((1, 2))


def measure_transfer(task: Task) -> Iterator[dict[str, Any]]:
    """Each base with its trained weights, and random weights of the first one."""
    images = task.resized(SIZE)
    for base in BASES:
        features = _pooled_features(base, usual_weights(base), images)
        yield accuracy_row(f"{task.name}: {base}", probe_accuracies([features], task, PER_CLASS))
    drawn = [_pooled_features(BASES[0], "random", images, seed) for seed in range(SEEDS)]
    yield accuracy_row(f"{task.name}: random weights", probe_accuracies(drawn, task, PER_CLASS))


def measure_names() -> Iterator[dict[str, Any]]:
    """Photographs whose likeliest of 1,000 classes is the right one, at the network's own size."""
    folder = shared_folder() / "data" / "imagenet-samples"
    if not folder.is_dir():
        return
    paths = sorted(folder.iterdir())
    network = tlcore.build_base(BASES[0], input_shape=(224, 224, 3), weights="imagenet", include_top=True)
    images = np.stack([decode_image(path.read_bytes(), image_size=(224, 224)) for path in paths])
    synsets = [known.synset for known in imagenet_classes()]
    said = [synsets[answers[0].index] for answers in tlcore.predict(network, images, top=1)]
    right = sum(path.name.startswith(synset) for path, synset in zip(paths, said, strict=True))
    yield {"case": f"{BASES[0]}: photographs named", "value": right, "unit": f"of {len(paths)}"}


def measure() -> Iterator[dict[str, Any]]:
    """Each row as soon as it is known."""
    with private_home():
        yield from measure_names()
        for task in tasks():
            yield from measure_transfer(task)
