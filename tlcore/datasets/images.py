"""Reads people's image files: a fixed list of formats, capped in size, always to the same RGB array."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from threading import Lock
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..errors import DatasetError
from ..settings import get_settings
from ..translatable import N_
from .dataset import FileFacts
from .file_kinds import ENDINGS_OF_FORMAT, HEAD_BYTES, image_format, not_an_image
from .upright import covering, upright_rgb

Read = TypeVar("Read")

_SMALLEST_SIDE = 8
_JPEG_COST = 0.25  # of a pixel of another format: most of a large JPEG is never unpacked, see `_decoded`
_BYTES_PER_PIXEL = 8  # as Pillow holds it, and once more as RGB
_SHARE_OF_MEMORY = 0.2  # of what is free, that one image may take; several are decoded at a time


@cache
def decoded_formats() -> tuple[str, ...]:
    """The formats that are decoded, once Pillow knows how to read the photos of iPhones."""
    import pi_heif

    pi_heif.register_heif_opener(thumbnails=False)
    return (*ENDINGS_OF_FORMAT, "MPO")  # a JPEG with a second picture in it


class UploadRefusedError(DatasetError):
    """The upload as a whole is refused, not one file of it."""


@dataclass
class PixelBudget:
    """How much decoding one upload may cost: a small file can hold a picture of fifty million pixels.

    Attributes:
        most: Pixels that are decoded at most.
        name: Of the upload, for messages.
        spent: Pixels decoded so far.
        count: Images decoded so far.
    """

    most: int
    name: str
    spent: float = 0.0
    count: int = 0
    _lock: Lock = field(default_factory=Lock, repr=False, compare=False)  # several images are decoded at a time

    def spend(self, image: Image.Image) -> None:
        """Counts an image that is opened and not yet decoded.

        Raises:
            UploadRefusedError: With it, the budget is used up.
        """
        with self._lock:
            self._add(image)
        self._check()

    def _add(self, image: Image.Image) -> None:
        self.spent += image.width * image.height * (_JPEG_COST if image.format in ("JPEG", "MPO") else 1.0)
        self.count += 1

    def _check(self) -> None:
        if self.spent > self.most:
            raise UploadRefusedError(
                N_(
                    "The images of {file} have more pixels together than are read of one upload, {most:g} million: "
                    "about {fits} images of this size fit. Make the images smaller, or use fewer."
                ),
                file=self.name,
                most=self.most / 1e6,
                fits=int(self.most * self.count / self.spent),
            )

    def expect(self, heads: Iterable[bytes]) -> float:
        """Refuses an upload at once whose files say already at their beginnings that they are too much.

        Args:
            heads: The beginnings.

        Returns:
            Pixels that they are known to cost.

        Raises:
            UploadRefusedError: They are.
        """
        foreseen = PixelBudget(self.most, self.name)
        for head in heads:
            image = _header_of(head)
            if image is not None and image.width * image.height <= get_settings().max_image_pixels:
                foreseen._add(image)
        foreseen._check()
        return foreseen.spent


def _header_of(head: bytes) -> Image.Image | None:
    """An image that knows its size and is not decoded; None where so few bytes don't say it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return Image.open(BytesIO(head), formats=decoded_formats())
        except Exception:  # damaged files make readers raise anything; each is refused by itself, when it is read
            return None


@dataclass(frozen=True)
class DecodedImage:
    """An image file as a network is shown it.

    Attributes:
        pixels: `uint8 (height, width, 3)`, RGB in [0, 255].
        file: The picture as it came.
        rescaled: Whether the file has more than eight bits a channel, which were scaled by the range in use.
    """

    pixels: NDArray[np.uint8]
    file: FileFacts
    rescaled: bool


def decode_image(
    data: bytes,
    *,
    image_size: tuple[int, int] | None = None,
    longest_side: int | None = None,
    name: str = "image",
    budget: PixelBudget | None = None,
) -> NDArray[np.uint8]:
    """Decodes one image file of a person.

    The content tells the kind, not the name. The EXIF orientation is applied; CMYK, palette and grey become RGB; more
    than eight bits a channel are scaled by the range that they use; transparent parts are put on white; of an animation
    the first frame is taken. With `image_size` the image is scaled until it covers that size, its proportions kept, and
    what sticks out is cut off equally on both sides.

    Args:
        data: The bytes of the file.
        image_size: (height, width), or `None` for the image's own size.
        longest_side: Without `image_size`: the whole image, made smaller where its longer side has more pixels.
        name: What to call the file in an error.
        budget: Of the upload that it is part of.

    Returns:
        `uint8 (height, width, 3)`, RGB in [0, 255].

    Raises:
        DatasetError: If the bytes are not an image, are damaged, or too large or small.
        UploadRefusedError: If the budget is used up.
    """
    return read_image(data, image_size=image_size, longest_side=longest_side, name=name, budget=budget).pixels


def read_image(
    data: bytes,
    *,
    image_size: tuple[int, int] | None = None,
    longest_side: int | None = None,
    name: str = "image",
    budget: PixelBudget | None = None,
) -> DecodedImage:
    """As `decode_image`, and says what was done to the pixels."""
    return _opened(data, name, budget, lambda image: _decoded(image, data, image_size, longest_side))


def reading_steps(
    data: bytes, image_size: tuple[int, int], *, name: str = "image"
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """What `decode_image` makes of a file on its way: all of the image upright in RGB, and what a network gets of it.

    Args:
        data: The bytes of the file.
        image_size: (height, width) of what the network gets.
        name: What to call the file in an error.

    Returns:
        Twice `uint8 (height, width, 3)`, RGB in [0, 255].

    Raises:
        DatasetError: As for `decode_image`.
    """

    def steps(image: Image.Image) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        rgb = upright_rgb(image, data, max(image_size))[0]
        return np.array(rgb, np.uint8), np.array(covering(rgb, image_size), np.uint8)

    return _opened(data, name, None, steps)


def _opened(data: bytes, name: str, budget: PixelBudget | None, use: Callable[[Image.Image], Read]) -> Read:
    """Opens a file, checks it, and makes what Pillow may raise into one sentence."""
    if image_format(data[:HEAD_BYTES], name) is None:
        raise not_an_image(data[:HEAD_BYTES], name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a photo with odd metadata is still a photo; sizes are checked by us
        try:
            with Image.open(BytesIO(data), formats=decoded_formats()) as image:
                _check_pixels(image, name)
                _check_memory(image, name)
                if budget is not None:
                    budget.spend(image)
                return use(image)
        except (DatasetError, MemoryError):
            raise
        except Image.DecompressionBombError as error:
            raise _too_many_pixels(name, None) from error
        except Exception as error:  # damaged files make decoders raise anything, not only OSError
            raise DatasetError(
                N_("{file} is damaged or cut off: the image could not be read to its end. Save or copy it again."),
                file=name,
            ) from error


def _check_pixels(image: Image.Image, name: str) -> None:
    width, height = image.size
    if width * height > get_settings().max_image_pixels:
        raise _too_many_pixels(name, f"{width} × {height}")
    if min(width, height) < _SMALLEST_SIDE:
        raise DatasetError(
            N_("{file} measures {width} × {height} pixels: each side needs {least} or more. Use a larger image."),
            file=name,
            width=width,
            height=height,
            least=_SMALLEST_SIDE,
        )


def _check_memory(image: Image.Image, name: str) -> None:
    import psutil

    needed = image.width * image.height * _BYTES_PER_PIXEL
    free = psutil.virtual_memory().available
    if needed > _SHARE_OF_MEMORY * free:
        raise DatasetError(
            N_(
                "{file} would take {needed} MB of memory to read, and only {free} MB are free here. Make it smaller, "
                "or try again later."
            ),
            file=name,
            needed=round(needed / 1e6),
            free=round(free / 1e6),
        )


def _too_many_pixels(name: str, size: str | None) -> DatasetError:
    return DatasetError(
        N_("{file} has too many pixels ({size}): at most {most:g} million are read. Make it smaller and try again."),
        file=name,
        size=size or "?",
        most=get_settings().max_image_pixels / 1e6,
    )


def _decoded(
    image: Image.Image, data: bytes, image_size: tuple[int, int] | None, longest_side: int | None
) -> DecodedImage:
    longer, shorter = max(image.size), min(image.size)
    needed = max(image_size) if image_size is not None else longest_side
    rgb, is_wide, rescaled = upright_rgb(image, data, needed)
    width, height = (longer, shorter) if is_wide else (shorter, longer)
    if image_size is not None:
        rgb = covering(rgb, image_size)
    elif longest_side is not None:
        rgb.thumbnail((longest_side, longest_side), Image.Resampling.BICUBIC)
    return DecodedImage(np.array(rgb, np.uint8), FileFacts(width, height, len(data)), rescaled)
