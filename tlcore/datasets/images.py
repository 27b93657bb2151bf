"""Reads people's image files: a fixed list of formats, capped in size, always to the same RGB array."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from ..errors import DatasetError
from ..settings import get_settings
from ..translatable import N_

#: Formats that are decoded, as Pillow names them.
FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF")

#: Endings that such files have, frequent ones first; to tell a folder of images from one of notes and to offer files
#: for upload, never to trust a file.
IMAGE_ENDINGS = (".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff")

_SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"BM", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*")
_SMALLEST_SIDE = 8
_JPEG_COST = 0.25  # of a pixel of another format: most of a large JPEG is never unpacked, see `_to_array`
_BAND_ROWS = 256  # of a large image that are converted at a time
_BYTES_PER_PIXEL = 8  # as Pillow holds it, and once more as RGB
_SHARE_OF_MEMORY = 0.5  # of what is free, that one image may take


class UploadRefusedError(DatasetError):
    """The upload as a whole is refused, not one file of it."""


@dataclass
class PixelBudget:
    """How much decoding one upload may cost: a small file can hold a picture of fifty million pixels.

    Attributes:
        most: Pixels that are decoded at most.
        name: Of the upload, for messages.
        spent: Pixels decoded so far.
    """

    most: int
    name: str
    spent: float = 0.0

    def spend(self, image: Image.Image) -> None:
        """Counts an image that is opened and not yet decoded.

        Raises:
            UploadRefusedError: With it, the budget is used up.
        """
        width, height = image.size
        self.spent += width * height * (_JPEG_COST if image.format == "JPEG" else 1.0)
        if self.spent > self.most:
            raise UploadRefusedError(
                N_(
                    "The images of {file} have more pixels together than are read of one upload: {most:g} million. "
                    "Make the images smaller, or use fewer."
                ),
                file=self.name,
                most=self.most / 1e6,
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
                foreseen.spend(image)
        return foreseen.spent


def _header_of(head: bytes) -> Image.Image | None:
    """An image that knows its size and is not decoded; None where so few bytes don't say it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return Image.open(BytesIO(head), formats=FORMATS)
        except Exception:  # damaged files make readers raise anything; each is refused by itself, when it is read
            return None


def looks_like_image(head: bytes) -> bool:
    """Whether a file that begins with `head` (12 bytes or more) claims to be of one of `FORMATS`."""
    return head.startswith(_SIGNATURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")


def not_an_image(name: str) -> DatasetError:
    """The error for a file of another kind."""
    return DatasetError(
        N_("{file} is not an image that can be read here. Use JPEG, PNG, WebP, BMP, GIF or TIFF."), file=name
    )


def decode_image(
    data: bytes,
    *,
    image_size: tuple[int, int] | None = None,
    longest_side: int | None = None,
    name: str = "image",
    budget: PixelBudget | None = None,
) -> NDArray[np.uint8]:
    """Decodes one image file of a person.

    The EXIF orientation is applied; CMYK, palette, grey and 16-bit images become 8-bit RGB; transparent parts are put
    on white; of an animation the first frame is taken. With `image_size` the image is scaled until it covers that
    size, its proportions kept, and what sticks out is cut off equally on both sides.

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
    if not looks_like_image(data[:16]):
        raise not_an_image(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a photo with odd metadata is still a photo; sizes are checked by us
        try:
            with Image.open(BytesIO(data), formats=FORMATS) as image:
                _check_pixels(image, name)
                _check_memory(image, name)
                if budget is not None:
                    budget.spend(image)
                return _to_array(image, image_size, longest_side)
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


def _to_array(image: Image.Image, image_size: tuple[int, int] | None, longest_side: int | None) -> NDArray[np.uint8]:
    needed = max(image_size) if image_size is not None else longest_side
    if needed is not None:
        side = 2 * needed
        image.draft(None, (side, side))  # large JPEGs are decoded at a fraction of their size, still above what we need
    upright = _upright(image)
    rgb = _on_white(_eight_bit(upright))
    if image_size is not None:
        rgb = ImageOps.fit(rgb, (image_size[1], image_size[0]), Image.Resampling.BICUBIC)
    elif longest_side is not None:
        rgb.thumbnail((longest_side, longest_side), Image.Resampling.BICUBIC)
    return np.array(rgb, np.uint8)


def _upright(image: Image.Image) -> Image.Image:
    image.load()
    with suppress(OSError, SyntaxError, ValueError, TypeError, KeyError, ZeroDivisionError, struct.error):
        # Where this fails, the pixels are whole and only the note on their orientation is not.
        ImageOps.exif_transpose(image, in_place=True)
    return image


def _eight_bit(image: Image.Image) -> Image.Image:
    """Scales 16-bit, 32-bit and floating-point grey to 8-bit grey; leaves other images as they are.

    Large images would take a gigabyte as numbers of eight bytes: they are gone through in bands.
    """
    if not (image.mode.startswith("I") or image.mode == "F"):
        return image
    values = np.asarray(image)  # (height, width)
    bands = [slice(top, top + _BAND_ROWS) for top in range(0, len(values), _BAND_ROWS)]
    highest = max(np.nan_to_num(values[band].astype(np.float64)).max() for band in bands)
    if image.mode != "F":
        full = 65535.0 if highest <= 65535 else highest
    else:
        full = 1.0 if highest <= 1 else max(255.0, highest)
    grey = np.zeros(values.shape, np.uint8)
    for band in bands:
        grey[band] = np.rint(np.clip(np.nan_to_num(values[band].astype(np.float64)) / full, 0, 1) * 255)
    return Image.fromarray(grey)


def _on_white(image: Image.Image) -> Image.Image:
    """RGB; what is transparent lies on white, in bands, so that a large image is held twice and not five times."""
    if not (image.has_transparency_data or image.mode in ("La", "RGBa")):
        return image if image.mode == "RGB" else image.convert("RGB")
    opaque = Image.new("RGB", image.size)
    for top in range(0, image.height, _BAND_ROWS):
        band = image.crop((0, top, image.width, min(image.height, top + _BAND_ROWS))).convert("RGBA")
        paper = Image.new("RGBA", band.size, "white")
        opaque.paste(Image.alpha_composite(paper, band).convert("RGB"), (0, top))
    return opaque
