"""Images that many repetitions share: each draws and splits a part of them anew, and the base looks at them once.

A repetition usually draws images of its own, which the base then has to look at. Where thirty people measure the same
claim at the same moment that would be most of the work, so that they draw from one pool: `data["pool"]` images.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...datasets import Dataset, get_dataset_spec
from ...datasets.selection import spread_over_classes
from ...datasets.specification import SourceImages
from ...datasets.splits import DEFAULT_FRACTIONS, make_split, split_indices
from ...keep_last import keep_last

#: Of the pool's images, and of a base's weights if they are random: the same for everybody, so that the features are
#: there already for the next class.
POOL_SEED = 0


@dataclass(frozen=True)
class Parts:
    """Which images of the pool a repetition has: indices, `int64`, sorted; no image is in two of them."""

    train: NDArray[np.int64]
    validation: NDArray[np.int64]
    test: NDArray[np.int64]


def is_shared(data: dict[str, Any]) -> bool:
    """Whether the images that a cell describes are a part of a pool."""
    return data.get("pool") is not None


def pool_of(data: dict[str, Any]) -> SourceImages:
    """All images of the pool, made once per worker; never write into them."""
    return _pool(data["dataset"], data["pool"], data["image_size"])


def _num_bytes(pool: SourceImages) -> int:
    return pool.images.nbytes


@keep_last(2, _num_bytes)
def _pool(dataset: str, num_images: int, side: int) -> SourceImages:
    return get_dataset_spec(dataset).source(num_images, (side, side), POOL_SEED)


def parts_of(data: dict[str, Any]) -> Parts:
    """The draw of one repetition: `num_images` of the pool, split 60 / 20 / 20, near-duplicates kept together."""
    pool, share = pool_of(data), min(1.0, data["num_images"] / data["pool"])
    _, validation_share, test_share = (share * fraction for fraction in DEFAULT_FRACTIONS)
    fractions = (1 - validation_share - test_share, validation_share, test_share)
    num_classes = get_dataset_spec(data["dataset"]).num_classes
    rest, validation, test = split_indices(
        pool.labels, pool.groups, num_classes=num_classes, fractions=fractions, seed=data["seed"]
    )
    num_train = min(len(rest), round(DEFAULT_FRACTIONS[0] * data["num_images"]))
    train = rest[spread_over_classes(pool.labels[rest], num_train, data["seed"])]
    return Parts(np.sort(train), validation, test)


def dataset_of(data: dict[str, Any]) -> Dataset:
    """The images of one repetition."""
    pool, parts = pool_of(data), parts_of(data)
    train, validation, test = (
        make_split(pool.images, pool.labels, pool.sources, part) for part in (parts.train, parts.validation, parts.test)
    )
    return Dataset(data["dataset"], get_dataset_spec(data["dataset"]).class_names, train, validation, test)
