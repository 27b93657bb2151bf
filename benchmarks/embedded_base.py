"""How well the embedded base transfers: the whole table of its model card.

Balanced accuracy on held-out images, mean and standard deviation over seeds. A linear probe is a logistic regression on
standardised, globally pooled features. Hard hats are split by source photograph: none is on both sides.
The photographs of `hardhat` and `trashnet` are read from `TLCORE_SHARED` (else `../shared`) and left out where they are
not there; the drawn helmets and the digits are always measured.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

import tlcore

NAME = "embedded_base"
IMAGES_PER_CLASS = (10, 20, 50, 100)
SEEDS = 5
TRAINING_SEEDS = 2
MAX_TEST_IMAGES = 300
BLOCKS = tuple(f"block{number}_pool" for number in range(1, 6))
SIZES = (64, 96, 128, 150)


@dataclass(frozen=True)
class Task:
    """Labelled images; `groups` keeps images of one photograph together."""

    name: str
    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    groups: NDArray[Any]

    def resized(self, size: int) -> NDArray[np.uint8]:
        """`uint8 (N, size, size, 3)`."""
        scaled = [Image.fromarray(image).resize((size, size), Image.Resampling.BICUBIC) for image in self.images]
        return np.stack([np.asarray(image) for image in scaled])

    def split(self, per_class: int, seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
        """Indices to train on (`per_class` of each) and to test on; None where a class has too few images."""
        generator = np.random.default_rng(seed)
        groups = generator.permutation(np.unique(self.groups))
        order = np.argsort(np.argsort(groups)[np.searchsorted(np.sort(groups), self.groups)], kind="stable")
        train: list[int] = []
        for label in np.unique(self.labels):
            members = order[self.labels[order] == label]
            if len(members) < per_class + 15:
                return None
            train += members[:per_class].tolist()
        train_indices = np.asarray(train)
        kept = ~np.isin(self.groups, self.groups[train_indices])
        test = generator.permutation(np.flatnonzero(kept))[:MAX_TEST_IMAGES]
        return train_indices, test


def _photographs(name: str, folder: Path, group_of: Any) -> Task:
    images, labels, groups = [], [], []
    for label, class_folder in enumerate(sorted(path for path in folder.iterdir() if path.is_dir())):
        for path in sorted(class_folder.iterdir()):
            with Image.open(path) as image:
                images.append(np.asarray(ImageOps.fit(image.convert("RGB"), (150, 150))))
            labels.append(label)
            groups.append(group_of(path))
    return Task(name, np.stack(images), np.asarray(labels), np.asarray(groups))


def _registered(name: str, num_images: int) -> Task:
    data = tlcore.load_dataset(name, num_images=num_images, image_size=(150, 150), seed=0)
    images = np.concatenate([split.images for split in data.splits.values()])
    labels = np.concatenate([split.labels for split in data.splits.values()])
    return Task(name, images, labels, np.arange(len(labels)))


def tasks() -> Iterator[Task]:
    """The tasks that can be measured here."""
    shared = Path(os.environ.get("TLCORE_SHARED", Path(__file__).parents[2] / "shared")) / "data"
    if (shared / "hardhat").is_dir():
        yield _photographs("hardhat", shared / "hardhat", lambda path: path.stem.split("_")[0])
    if (shared / "trashnet").is_dir():
        yield _photographs("trashnet", shared / "trashnet", lambda path: f"{path.parent.name}/{path.stem}")
    yield _registered("helmets", 600)
    yield _registered("digits", 1200)


def _probe(features: NDArray[np.float32], task: Task, per_class: int) -> list[float]:
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import balanced_accuracy_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    scores = []
    for seed in range(SEEDS):
        split = task.split(per_class, seed)
        if split is None:
            return []
        train, test = split
        probe = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=2000))
        probe.fit(features[train], task.labels[train])
        scores.append(float(balanced_accuracy_score(task.labels[test], probe.predict(features[test]))))
    return scores


def _row(case: str, scores: list[float]) -> dict[str, Any]:
    mean, spread = 100 * float(np.mean(scores)), 100 * float(np.std(scores))
    return {"case": case, "value": round(mean, 1), "spread": round(spread, 1), "unit": "% balanced accuracy"}


def _probes(task: Task, network: str, features: NDArray[np.float32], counts: tuple[int, ...]) -> list[dict[str, Any]]:
    rows = []
    for count in counts:
        scores = _probe(features, task, count)
        if scores:
            rows.append(_row(f"{task.name}: probe, {network}, {count} a class", scores))
    return rows


def _pooled(base: Any, images: NDArray[np.uint8], layer: str | None = None) -> NDArray[np.float32]:
    features = tlcore.extract_features(base, images, layer=layer, precision="float32")
    return features.mean((1, 2))  # (N, channels)


def _base(weights: str, size: int) -> Any:
    return tlcore.build_base("VGG16Slim", input_shape=(size, size, 3), weights=weights)


def measure_probes(task: Task) -> list[dict[str, Any]]:
    """Embedded against random weights by block, the embedded base by input size, MobileNetV2 as the ceiling."""
    rows = []
    images = task.resized(64)
    for weights in ("embedded", "random"):
        base = _base(weights, 64)
        for block in BLOCKS:
            counts = IMAGES_PER_CLASS if block == BLOCKS[-1] else (20,)
            rows += _probes(task, f"{weights} {block} at 64 px", _pooled(base, images, block), counts)
    for size in SIZES[1:]:
        for weights in ("embedded", "random"):
            features = _pooled(_base(weights, size), task.resized(size))
            rows += _probes(task, f"{weights} block5_pool at {size} px", features, (20,))
    try:
        ceiling = tlcore.build_base("MobileNetV2", input_shape=(128, 128, 3), weights="imagenet")
    except tlcore.TransferLearningError:
        return rows
    return rows + _probes(task, "MobileNetV2 at 128 px", _pooled(ceiling, task.resized(128)), IMAGES_PER_CLASS)


def _trained(task: Task, images: NDArray[np.uint8], method: str, per_class: int, seed: int) -> float | None:
    from tlcore.datasets import Dataset, Split

    split = task.split(per_class, seed)
    if split is None:
        return None
    parts = [
        Split(images[indices], task.labels[indices], tuple(str(task.groups[index]) for index in indices))
        for indices in split
    ]
    names = tuple(str(label) for label in np.unique(task.labels))
    data = Dataset(task.name, names, train=parts[0], validation=parts[1], test=parts[1])
    settings: dict[str, Any] = {"epochs": 20, "pooling": "average", "optimizer": "adam", "learning_rate": 1e-3}
    settings |= {"fine_tuning_epochs": 10, "fine_tuning_learning_rate": 1e-4, "unfreeze_from": "block5_conv1"}
    weights = "random" if method == "scratch" else "embedded"
    spec = tlcore.TrainingSpec(base="VGG16Slim", weights=weights, method=method, seed=seed, **settings)
    return float(tlcore.train(spec, data=data).test_metrics["balanced_accuracy"])


def measure_training(task: Task) -> list[dict[str, Any]]:
    """Scratch, feature extraction and fine-tuning of block5, 64 px, at 20 a class and as many as there are to 100."""
    rows = []
    images = task.resized(64)
    most = next(count for count in reversed(IMAGES_PER_CLASS) if task.split(count, 0) is not None)
    for count in sorted({20, most}):
        for method in ("scratch", "feature_extraction", "fine_tuning"):
            scores = [_trained(task, images, method, count, seed) for seed in range(TRAINING_SEEDS)]
            known = [score for score in scores if score is not None]
            if known:
                rows.append(_row(f"{task.name}: {method}, {count} a class", known))
    return rows


def measure_speed() -> list[dict[str, Any]]:
    """Seconds to load, images per second, size of the file."""
    started = time.perf_counter()
    base = _base("embedded", 64)
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


def measure() -> list[dict[str, Any]]:
    """The whole table, in the order in which it is shown."""
    rows = measure_speed()
    for task in tasks():
        rows += measure_probes(task) + measure_training(task)
    return rows
