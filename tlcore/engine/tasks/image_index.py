"""The images of a set, counted through, and a person's photo among them."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ...errors import InvalidArgumentError
from ...translatable import N_
from .references import PhotoReference

if TYPE_CHECKING:
    from PIL import Image

    from ...datasets import Dataset, Split

THUMBNAIL_SIDE = 128


@dataclass(frozen=True, slots=True)
class ShownImage:
    """An image as a page shows it.

    Attributes:
        index: Its number, from 0, among the images that the task is about.
        label: Of its class.
        source: Where it comes from, for example a file's name.
        png: The picture as a file.
    """

    index: int
    label: int
    source: str
    png: bytes


@dataclass(frozen=True, slots=True)
class ShownPhoto:
    """A photo that was asked about.

    Attributes:
        png: Thumbnail of what the base saw.
        index, label: In the set; None for a person's own file.
    """

    png: bytes
    index: int | None
    label: int | None


class ImageIndex:
    """All images of a set in one row: training, validation, test. The number in that row is an image's index.

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

    def pixels(self, index: int) -> NDArray[np.uint8]:
        """One image, `(H, W, 3)`."""
        part, row = self._find(index)
        return np.asarray(part.images[row])

    def photo(self, photo: PhotoReference) -> NDArray[np.uint8]:
        """What a base sees of a photo, `(H, W, 3)` in the size of the set.

        Raises:
            DatasetError: The file is no image that can be read.
            InvalidArgumentError: The set has no such image.
        """
        from ...datasets import decode_image

        if photo.index is not None:
            return self.pixels(photo.index)
        return decode_image(photo.image or b"", image_size=self.size, name=photo.file_name)

    def shown_photo(self, photo: PhotoReference) -> ShownPhoto:
        """The photo as a page shows it; raises as `photo` does."""
        label = None if photo.index is None else int(self.labels[photo.index])
        return ShownPhoto(thumbnail(self.photo(photo)), photo.index, label)

    def shown(self, index: int) -> ShownImage:
        """One image as a page shows it, as a thumbnail."""
        part, row = self._find(index)
        return ShownImage(index, int(part.labels[row]), part.sources[row], thumbnail(part.images[row]))

    def _find(self, index: int) -> tuple[Split, int]:
        row = index
        for part in self._parts:
            if 0 <= row < len(part):
                return part, row
            row -= len(part)
        raise InvalidArgumentError(
            N_("Expected the number of an image from 0 to {most}. Received: {value}. The set may have changed."),
            most=len(self.labels) - 1,
            value=index,
        )


def thumbnail(pixels: NDArray[np.uint8]) -> bytes:
    """An image as a small PNG file."""
    from PIL import Image

    picture = Image.fromarray(pixels)
    picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return _png(picture)


def full_size(pixels: NDArray[np.uint8]) -> bytes:
    """An image as a PNG file, every pixel of it."""
    from PIL import Image

    return _png(Image.fromarray(pixels))


def _png(picture: Image.Image) -> bytes:
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
