"""What a dataset looks like in numbers and small pictures: plain data for pages, without tensorflow."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..errors import InvalidArgumentError
from ..translatable import N_
from .dataset import Dataset
from .duplicates import near_duplicate_pairs

_THUMBNAIL_FORMATS = {"png": "PNG", "webp": "WEBP"}


@dataclass(frozen=True)
class DuplicatePair:
    """Two images that look alike at a glance."""

    first: str
    second: str
    first_class: str
    second_class: str
    first_split: str
    second_split: str

    @property
    def is_leak(self) -> bool:
        """Whether one part would be tested on what another has learned."""
        return self.first_split != self.second_split

    @property
    def is_contradiction(self) -> bool:
        """Whether the same picture is given two classes."""
        return self.first_class != self.second_class


def count_images(dataset: Dataset) -> list[dict[str, Any]]:
    """One row a class: {"class_name", "train", "validation", "test", "total"}."""
    rows = []
    for label, class_name in enumerate(dataset.class_names):
        counts = {part: int(np.sum(split.labels == label)) for part, split in dataset.splits.items()}
        rows.append({"class_name": class_name, **counts, "total": sum(counts.values())})
    return rows


def mean_images(dataset: Dataset) -> NDArray[np.uint8]:
    """The mean training image of each class: `uint8 (classes, height, width, 3)`.

    What all images of a class have in common shows in it; where it looks like a class, the task is an easy one.
    """
    train = dataset.train
    means = [train.images[train.labels == label].mean(axis=0, dtype=np.float32) for label in range(dataset.num_classes)]
    return np.asarray(np.rint(np.stack(means)), np.uint8)


def brightness(dataset: Dataset) -> list[dict[str, Any]]:
    """One row a class: {"class_name", "mean", "std", "values"}; brightness of whole images in [0, 255], all splits."""
    images = [split.images.mean(axis=(1, 2, 3), dtype=np.float32) for split in dataset.splits.values()]
    values = np.concatenate(images)
    labels = np.concatenate([split.labels for split in dataset.splits.values()])
    rows = []
    for label, class_name in enumerate(dataset.class_names):
        own = values[labels == label]
        mean, std = float(own.mean()), float(own.std())
        rows.append({"class_name": class_name, "mean": mean, "std": std, "values": own.round(1).tolist()})
    return rows


def find_duplicates(dataset: Dataset) -> list[DuplicatePair]:
    """Pairs of near-duplicates, within a split and across splits."""
    images = np.concatenate([split.images for split in dataset.splits.values()])
    origins = [
        (source, dataset.class_names[label], part)
        for part, split in dataset.splits.items()
        for source, label in zip(split.sources, split.labels, strict=True)
    ]
    pairs = []
    for first, second in near_duplicate_pairs(images):
        (one, one_class, one_part), (other, other_class, other_part) = origins[first], origins[second]
        pairs.append(DuplicatePair(one, other, one_class, other_class, one_part, other_part))
    return pairs


def thumbnail(image: NDArray[np.uint8], *, side: int = 96, image_format: str = "webp") -> bytes:
    """A small file of an image, to be sent to a browser.

    Args:
        image: `uint8 (height, width, 3)`.
        side: The longer side of the thumbnail, in pixels; images are never enlarged.
        image_format: `"webp"` or `"png"`.

    Raises:
        InvalidArgumentError: If the image or format cannot be.
    """
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3:
        raise InvalidArgumentError(
            N_(
                "Expected `image` to be uint8 of shape (height, width, 3). Received: {dtype} {shape}. Convert it first."
            ),
            dtype=str(image.dtype),
            shape=image.shape,
        )
    if image_format not in _THUMBNAIL_FORMATS:
        raise InvalidArgumentError(
            N_("Expected `image_format` to be one of {names}. Received: {value!r}. Choose one of them."),
            names=list(_THUMBNAIL_FORMATS),
            value=image_format,
        )
    picture = Image.fromarray(image)
    picture.thumbnail((side, side), Image.Resampling.BICUBIC)
    buffer = BytesIO()
    picture.save(buffer, _THUMBNAIL_FORMATS[image_format])
    return buffer.getvalue()
