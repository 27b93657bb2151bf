"""By which a set of images is known again, wherever it is and in whatever order it was read."""

from __future__ import annotations

import hashlib

from .dataset import Dataset


def dataset_digest(data: Dataset) -> str:
    """Hash of all images with their classes and parts of the split; their order and the set's name don't count.

    Args:
        data: Images `uint8 (N, height, width, 3)` in each part.

    Returns:
        32 hexadecimal digits.
    """
    digests = sorted(
        hashlib.blake2b(
            f"{part} {data.class_names[label]} {image.shape}".encode() + image.tobytes(), digest_size=16
        ).digest()
        for part, split in data.splits.items()
        for image, label in zip(split.images, split.labels.tolist(), strict=True)
    )
    return hashlib.blake2b(b"".join(digests), digest_size=16).hexdigest()
