"""The images of a set, counted through, and a person's photo among them."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...errors import InvalidArgumentError
from ...translatable import N_

if TYPE_CHECKING:
    from ...datasets import Dataset

THUMBNAIL_SIDE = 128


class ImageIndex:
    """All images of a set in one row: training, validation, test. The number in that row is an image's place.

    Attributes:
        size: (height, width) in pixels.
        num_classes: Of the set.
        labels: `int64 (N,)`.
        splits: Name of the split of each image.
    """

    def __init__(self, dataset: Dataset) -> None:
        self._parts = list(dataset.splits.values())
        self.size = dataset.image_size
        self.num_classes = dataset.num_classes
        self.labels = np.concatenate([part.labels for part in self._parts])  # (N,)
        self.splits = [name for name, part in dataset.splits.items() for _ in range(len(part))]

    @property
    def all(self) -> NDArray[np.uint8]:
        """All pixels, raw RGB."""
        return np.concatenate([part.images for part in self._parts])  # (N, H, W, 3)

    def pixels(self, place: int) -> NDArray[np.uint8]:
        """One image, `(H, W, 3)`."""
        part, row = self._find(place)
        return np.asarray(part.images[row])

    def photo(self, photo: dict[str, Any]) -> NDArray[np.uint8]:
        """What a base sees of a photo, `(H, W, 3)` in the size of the set.

        Args:
            photo: `{"place": int}`, or a person's file, `{"image": bytes, "file_name": str}`.

        Raises:
            DatasetError: The file is no image that can be read.
            InvalidArgumentError: The set has no such place.
        """
        from ...datasets import decode_image

        if photo.get("place") is not None:
            return self.pixels(photo["place"])
        return decode_image(photo["image"], image_size=self.size, name=photo["file_name"])

    def facts(self, photo: dict[str, Any]) -> dict[str, Any]:
        """`place` and `label` of a photo; None for a person's own."""
        place = photo.get("place")
        return {"place": place, "label": None if place is None else int(self.labels[place])}

    def shown(self, place: int) -> dict[str, Any]:
        """One image as a page shows it: `place`, `label`, `source`, `png`."""
        part, row = self._find(place)
        picture = thumbnail(part.images[row])
        return {"place": place, "label": int(part.labels[row]), "source": part.sources[row], "png": picture}

    def _find(self, place: int) -> tuple[Any, int]:
        row = place
        for part in self._parts:
            if 0 <= row < len(part):
                return part, row
            row -= len(part)
        raise InvalidArgumentError(
            N_("Expected the number of an image from 0 to {most}. Received: {value}. The set may have changed."),
            most=len(self.labels) - 1,
            value=place,
        )


def thumbnail(pixels: NDArray[np.uint8]) -> bytes:
    """An image as a thumbnail."""
    from PIL import Image

    picture, file = Image.fromarray(pixels), BytesIO()
    picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    picture.save(file, "PNG")
    return file.getvalue()
