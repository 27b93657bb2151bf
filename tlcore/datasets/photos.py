"""Image files where an array of pixels would do: the one way from a photo to what a network takes."""

from __future__ import annotations

from os import PathLike, fspath
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..errors import DatasetError
from ..translatable import N_
from .dataset import ImportNote
from .entries import read_image_file, readable
from .images import decode_image

_FILE = (str, PathLike, bytes, bytearray, memoryview)
_SAME_COLOUR = 6  # of 255: what a compressed picture of one colour varies by


def with_files_read(images: Any, input_shape: tuple[int | None, ...]) -> Any:
    """Puts pixels in the place of image files; arrays stay as they are.

    A file is decoded as the app does it (`decode_image`): upright by its EXIF note, scaled to cover the size, the
    overhang cut off on both sides, bicubic.

    Args:
        images: An array, or a path or the bytes of an image file, or a list of these.
        input_shape: (height, width, channels) that the network takes; None in it means any.

    Returns:
        `uint8 (H, W, channels)` of one file, `(N, H, W, channels)` of a list; whatever else came, unchanged.

    Raises:
        DatasetError: A file that is not there, is no image, is damaged, or is too large or small.

    Example:
        >>> with_files_read("photo.jpg", (150, 150, 3)).shape
        (150, 150, 3)
    """
    if isinstance(images, _FILE):
        return _read(images, input_shape)
    if isinstance(images, list | tuple) and images and all(isinstance(image, _FILE) for image in images):
        return np.stack([_read(image, input_shape) for image in images])
    return images


def blank_note(pixels: NDArray[np.uint8], name: str) -> ImportNote | None:
    """Says that a picture shows nothing, where it is of one colour all over; a network answers all the same.

    Args:
        pixels: `uint8 (H, W, 3)`.
        name: Of its file.
    """
    spread = np.ptp(pixels.reshape(-1, pixels.shape[-1]), axis=0)  # (3,)
    if int(spread.max()) > _SAME_COLOUR:
        return None
    template = N_(
        "{file} is of one colour all over: a covered lens, an empty page, or a picture that is transparent everywhere. "
        "The network answers all the same, but there is nothing in it that it could go by."
    )
    return ImportNote(template, {"file": name})


def _read(file: Any, input_shape: tuple[int | None, ...]) -> NDArray[np.uint8]:
    height, width, channels = input_shape
    data, name = (bytes(file), "image") if isinstance(file, bytes | bytearray | memoryview) else _contents(file)
    pixels = decode_image(data, image_size=(height, width) if height and width else None, name=name)
    return np.asarray(Image.fromarray(pixels).convert("L"))[..., np.newaxis] if channels == 1 else pixels


def _contents(file: str | PathLike[str]) -> tuple[bytes, str]:
    name = readable(str(fspath(file)))
    try:
        path = Path(fspath(file)).resolve(strict=True)
    except (OSError, ValueError) as error:  # a NUL in a path is a ValueError
        raise DatasetError(N_("There is no image file at {file}. Check the path and try again."), file=name) from error
    return read_image_file(path, name), name
