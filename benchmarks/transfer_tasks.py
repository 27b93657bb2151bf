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
