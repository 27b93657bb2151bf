"""The images that a cell is measured on."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ...datasets import Dataset, Split, get_dataset_spec
from ...datasets.splits import DEFAULT_FRACTIONS
from ...keep_last import keep_last
from ...store.datasets import read_training_labels
from ...store.own_sets import own_set_path
from ..specification import Cell, ExperimentSettings
from .shared import dataset_of, is_shared


def data_of(settings: ExperimentSettings, seed: int, **changes: Any) -> dict[str, Any]:
    """The part of a cell that says which images it is measured on.

    Each seed draws and splits a registered dataset anew. A learner's own images keep the split that was made when they
    were brought, because only then near-duplicates were known and kept on one side. With a pool, each seed draws its
    part of the same images (see `shared`).
    """
    own = settings.stored is not None
    description = {
        "dataset": None if own else settings.dataset,
        "stored": settings.stored,
        "num_images": None if own else settings.num_images,
        "image_size": settings.image_size,
        "seed": 0 if own else seed,
    }
    if settings.pool is not None and not own:
        description["pool"] = settings.pool
    return {**description, **changes}


def smallest_training_class(settings: ExperimentSettings) -> int:
    """How many training images the smallest class has; known without making or reading an image."""
    if settings.stored is not None:
        return int(np.bincount(read_training_labels(own_set_path(settings.stored))).min())
    num_classes = get_dataset_spec(settings.dataset).num_classes
    return int(DEFAULT_FRACTIONS[0] * (settings.num_images // num_classes))


def load(cell: Cell) -> Dataset:
    """The images of a cell, read or drawn once per worker and then shared; never write into them."""
    dataset = _load(json.dumps(cell["data"], sort_keys=True))
    if "images_per_class" not in cell:
        return dataset
    return with_fewer_images(dataset, cell["images_per_class"], cell["validation_per_class"], cell["seed"])


def class_titles(cell: Cell, data: Dataset) -> tuple[str, ...]:
    """Names of the classes as words to read: those of a registered dataset can be translated."""
    name = cell["data"]["dataset"]
    return data.class_names if name is None else get_dataset_spec(name).class_titles


def _num_bytes(dataset: Dataset) -> int:
    return sum(split.images.nbytes for split in dataset.splits.values())


@keep_last(4, _num_bytes)
def _load(description: str) -> Dataset:
    from ...store.datasets import read_dataset, ready_dataset

    data = json.loads(description)
    if is_shared(data):
        return dataset_of(data)
    side = data["image_size"]
    if data["stored"] is not None:
        return resized(read_dataset(own_set_path(data["stored"])), side)
    return ready_dataset(data["dataset"], num_images=data["num_images"], image_size=(side, side), seed=data["seed"])


def resized(dataset: Dataset, side: int) -> Dataset:
    """The same images with `side` pixels in height and width."""
    if dataset.image_size == (side, side):
        return dataset
    parts = {name: replace(split, images=_scaled(split.images, side)) for name, split in dataset.splits.items()}
    return replace(dataset, train=parts["train"], validation=parts["validation"], test=parts["test"])


def _scaled(images: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    scaled = [Image.fromarray(image).resize((side, side), Image.Resampling.BICUBIC) for image in images]
    return np.stack([np.asarray(image) for image in scaled])


def with_fewer_images(dataset: Dataset, train: int, validation: int, seed: int) -> Dataset:
    """The same dataset with at most that many training and validation images of each class; the test stays whole."""
    random = np.random.default_rng(seed)
    return replace(
        dataset,
        train=_some_of(dataset.train, train, dataset.num_classes, random),
        validation=_some_of(dataset.validation, validation, dataset.num_classes, random),
    )


def _some_of(split: Split, per_class: int, num_classes: int, random: np.random.Generator) -> Split:
    order = random.permutation(len(split))
    chosen: list[int] = []
    for label in range(num_classes):
        members = order[split.labels[order] == label]
        chosen += members[:per_class].tolist()
    indices = np.sort(np.asarray(chosen, np.int64))
    return Split(split.images[indices], split.labels[indices], tuple(split.sources[index] for index in indices))
