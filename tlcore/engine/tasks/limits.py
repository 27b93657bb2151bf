"""What a job may ask for: told before it begins, instead of taking the machine down."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from ...errors import DatasetError, InvalidArgumentError
from ...settings import get_settings
from ...translatable import N_

if TYPE_CHECKING:
    from pathlib import Path

    from ...datasets import Dataset
    from ...training import TrainingSpec

#: While images are read they are there twice, and what is done with them needs room, too.
_SHARE_FOR_IMAGES = 0.4
_MB = 1024**2


def check_training(spec: TrainingSpec, dataset: Dataset) -> None:
    """Refuses a training of too many epochs, or one that would need more memory than a worker may take.

    Args:
        spec: The run.
        dataset: Its images.

    Raises:
        InvalidArgumentError: Too many epochs.
        TrainingError: Too much memory.
    """
    from ...training.memory import check_memory_for

    most = get_settings().max_epochs
    for name in ("epochs", "fine_tuning_epochs"):
        if getattr(spec, name) > most:
            raise InvalidArgumentError(
                N_("Expected `{name}` to be at most {bound}. Received: {value!r}. Choose a smaller value."),
                name=name,
                bound=most,
                value=getattr(spec, name),
            )
    check_memory_for(spec, dataset)


def check_features(base: str, dataset: Dataset) -> None:
    """Refuses features of all images that would take more memory than a worker can spare for them.

    Args:
        base: Name in the registry.
        dataset: The images.

    Raises:
        DatasetError: They would need too much.
    """
    from ...architectures import describe
    from ...training.memory import most_feature_bytes
    from ...training.plan import feature_shape

    size = 4 * dataset.num_images * prod(feature_shape(describe(base, include_top=False), dataset.image_size))
    limit = most_feature_bytes()
    if size > limit:
        raise DatasetError(
            N_(
                "Expected features that take at most {limit} MB of memory. Those of {count} images of {height}×{width} "
                "take {size} MB. Choose fewer or smaller images, or another base."
            ),
            limit=limit // _MB,
            count=dataset.num_images,
            height=dataset.image_size[0],
            width=dataset.image_size[1],
            size=size // _MB,
        )


def check_image_count(count: int) -> None:
    """Refuses a set with which a session would keep more images than it may.

    Args:
        count: Of all its images with the new ones.

    Raises:
        InvalidArgumentError: They are too many.
    """
    limit = get_settings().owner_images
    if count > limit:
        raise InvalidArgumentError(
            N_(
                "Expected a session to keep at most {limit} images; with these it would be {count}. Delete a set on "
                "the page Datasets, or bring fewer images."
            ),
            limit=limit,
            count=count,
        )


def check_upload(path: Path, name: str, image_size: tuple[int, int]) -> None:
    """Refuses a ZIP of more images than a worker can hold at a size; one that cannot be read is refused when it is.

    Args:
        path: Where it lies.
        name: What the person calls it.
        image_size: (height, width) in pixels.

    Raises:
        DatasetError: They would need too much memory.
    """
    from ...datasets.archive import Archive

    try:
        with Archive(path, name) as archive:
            count = len(archive)
    except DatasetError:
        return
    check_image_bytes(count, image_size)


def check_image_bytes(num_images: int, image_size: tuple[int, int]) -> None:
    """Refuses more or larger images than a worker can hold.

    Args:
        num_images: Of all parts.
        image_size: (height, width) in pixels.

    Raises:
        DatasetError: They would need too much memory.
    """
    num_bytes, limit = 3 * num_images * image_size[0] * image_size[1], get_settings().memory_of_a_worker
    if num_bytes > _SHARE_FOR_IMAGES * limit:
        raise DatasetError(
            N_(
                "Expected images that take at most {limit} MB of memory. {count} of {height}×{width} take {size} MB. "
                "Choose fewer or smaller images."
            ),
            limit=int(_SHARE_FOR_IMAGES * limit) // _MB,
            count=num_images,
            height=image_size[0],
            width=image_size[1],
            size=num_bytes // _MB,
        )
