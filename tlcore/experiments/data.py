"""The images that a cell is measured on."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from ..datasets import Dataset, Split, load_dataset
from .specification import Cell, ExperimentSettings


def data_of(settings: ExperimentSettings, seed: int, **changes: Any) -> dict[str, Any]:
    """The part of a cell that says which images it is measured on; each seed draws or splits anew."""
    description = {
        "dataset": settings.dataset,
        "stored": settings.stored,
        "num_images": settings.num_images,
        "image_size": settings.image_size,
        "seed": seed,
    }
    return {**description, **changes}


def load(cell: Cell) -> Dataset:
    """The images of a cell, read or drawn once per worker and then shared; never write into them."""
    dataset = _load(json.dumps(cell["data"], sort_keys=True))
    per_class = cell.get("images_per_class")
    return dataset if per_class is None else with_fewer_images(dataset, per_class, cell["data"]["seed"])


@lru_cache(maxsize=4)
def _load(description: str) -> Dataset:
    data = json.loads(description)
    size = (data["image_size"], data["image_size"])
    if data["stored"] is not None:
        from ..datasets import import_dataset

        return import_dataset(Path(data["stored"]), image_size=size, seed=data["seed"])
    return load_dataset(data["dataset"], num_images=data["num_images"], image_size=size, seed=data["seed"])


def with_fewer_images(dataset: Dataset, per_class: int, seed: int) -> Dataset:
    """The same dataset with at most `per_class` training images of each class; validation and test stay as they are."""
    order = np.random.default_rng(seed).permutation(len(dataset.train))
    chosen: list[int] = []
    for label in range(dataset.num_classes):
        members = order[dataset.train.labels[order] == label]
        chosen += members[:per_class].tolist()
    indices = np.sort(np.asarray(chosen, np.int64))
    train = dataset.train
    fewer = Split(train.images[indices], train.labels[indices], tuple(train.sources[index] for index in indices))
    return replace(dataset, train=fewer)
