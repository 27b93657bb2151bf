"""The labelled images on which the embedded base is judged, and how they are split."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

import tlcore

MAX_TEST_IMAGES = 300
SEEDS = 5


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


def shared_folder() -> Path:
    """Where photographs and weights that are not part of this repository may lie."""
    return Path(os.environ.get("TLCORE_SHARED", Path(__file__).parents[2] / "shared"))


def tasks() -> Iterator[Task]:
    """The tasks that can be measured here."""
    photographs = shared_folder() / "data"
    if (photographs / "hardhat").is_dir():
        yield _photographs("hardhat", photographs / "hardhat", lambda path: path.stem.split("_")[0])
    if (photographs / "trashnet").is_dir():
        yield _photographs("trashnet", photographs / "trashnet", lambda path: f"{path.parent.name}/{path.stem}")
    yield _registered("helmets", 600)
    yield _registered("digits", 1200)


def probe_accuracies(networks: list[NDArray[np.float32]], task: Task, per_class: int) -> list[float]:
    """Balanced accuracy of a linear probe for each seed, on images that it was not trained on.

    Args:
        networks: Pooled features `(N, channels)` of one network, or of as many draws of random weights as seeds.
        task: What the features are of.
        per_class: Images to train on of each class.

    Returns:
        One share a seed; nothing where a class has too few images.
    """
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
        features = networks[seed % len(networks)]
        probe = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=2000, tol=1e-3))
        probe.fit(features[train], task.labels[train])
        scores.append(float(balanced_accuracy_score(task.labels[test], probe.predict(features[test]))))
    return scores


def accuracy_row(case: str, scores: list[float]) -> dict[str, Any]:
    """A result: mean and standard deviation in percent."""
    mean, spread = 100 * float(np.mean(scores)), 100 * float(np.std(scores))
    return {"case": case, "value": round(mean, 1), "spread": round(spread, 1), "unit": "% balanced accuracy"}
