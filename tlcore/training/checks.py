"""What a dataset must be before anything is built for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tlcore.errors import DatasetError, InvalidArgumentError
from tlcore.models.images import check_images
from tlcore.translatable import N_

if TYPE_CHECKING:
    from tlcore.datasets import Dataset, Split


def check_dataset(data: Dataset) -> None:
    """Checks every split.

    Raises:
        DatasetError: One class, fewer images than classes, an empty split, labels that do not fit.
        InvalidArgumentError: Images of another type, range or size.
    """
    if data.num_classes < 2:
        raise DatasetError(
            N_("Expected images of at least two classes. Received: {count}. Add a class to tell apart from it."),
            count=data.num_classes,
        )
    for name, split in data.splits.items():
        if len(split.images) == 0:
            raise DatasetError(
                N_("Expected at least one image in the {split} part. Received: none. Add images."), split=name
            )
        check_images(split.images, (*data.image_size, 3))
        _check_labels(name, split, data.num_classes)
    if len(data.train) < data.num_classes:
        raise DatasetError(
            N_("Expected at least one training image a class: {classes} or more. Received: {count}. Add images."),
            classes=data.num_classes,
            count=len(data.train),
        )
    _check_classes_present(data)


def _check_labels(name: str, split: Split, num_classes: int) -> None:
    labels = np.asarray(split.labels)
    if labels.shape != (len(split.images),) or not np.issubdtype(labels.dtype, np.integer):
        raise InvalidArgumentError(
            N_(
                "Expected one whole-number label for each of the {count} images of the {split} part. Received: "
                "{dtype} of shape {shape}. Give labels of shape (N,)."
            ),
            count=len(split.images),
            split=name,
            dtype=str(labels.dtype),
            shape=str(labels.shape),
        )
    if labels.min() < 0 or labels.max() >= num_classes:
        raise DatasetError(
            N_(
                "Expected labels from 0 to {last} in the {split} part, one for each class. Received: from {low} to "
                "{high}. Check the labels."
            ),
            last=num_classes - 1,
            split=name,
            low=int(labels.min()),
            high=int(labels.max()),
        )


def _check_classes_present(data: Dataset) -> None:
    absent = [name for label, name in enumerate(data.class_names) if not np.any(data.train.labels == label)]
    if absent:
        raise DatasetError(
            N_("Expected training images of every class. Received: none of {names}. Add images of these classes."),
            names=", ".join(absent),
        )
