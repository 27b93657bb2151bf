"""Reads people's image files: a fixed list of formats, capped in size, always to the same RGB array."""

from __future__ import annotations

import struct
import warnings
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


def looks_like_image(head: bytes) -> bool:
    """Whether a file that begins with `head` (12 bytes or more) claims to be of one of `FORMATS`."""
    return head.startswith(_SIGNATURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")


def not_an_image(name: str) -> DatasetError:
    """The error for a file of another kind."""
    return DatasetError(
        N_("{file} is not an image that can be read here. Use JPEG, PNG, WebP, BMP, GIF or TIFF."), file=name
    )


def decode_image(data: bytes, *, image_size: tuple[int, int] | None = None, name: str = "image") -> NDArray[np.uint8]:
    """Decodes one image file of a person.

    The EXIF orientation is applied; CMYK, palette, grey and 16-bit images become 8-bit RGB; transparent parts are put
    on white; of an animation the first frame is taken. With `image_size` the image is scaled until it covers that
    size, its proportions kept, and what sticks out is cut off equally on both sides.

    Args:
        data: The bytes of the file.
        image_size: (height, width), or `None` for the image's own size.
        name: What to call the file in an error.

    Returns:
        `uint8 (height, width, 3)`, RGB in [0, 255].

    Raises:
        DatasetError: If the bytes are not an image, are damaged, or too large or small.
    """
    if not looks_like_image(data[:16]):
        raise not_an_image(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a photo with odd metadata is still a photo; sizes are checked by us
        try:
            with Image.open(BytesIO(data), formats=FORMATS) as image:
                _check_pixels(image, name)
                return _to_array(image, image_size)
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


def _too_many_pixels(name: str, size: str | None) -> DatasetError:
    return DatasetError(
        N_("{file} has too many pixels ({size}): at most {most:g} million are read. Make it smaller and try again."),
        file=name,
        size=size or "?",
        most=get_settings().max_image_pixels / 1e6,
    )


def _to_array(image: Image.Image, image_size: tuple[int, int] | None) -> NDArray[np.uint8]:
    if image_size is not None:
        side = 2 * max(image_size)
        image.draft(None, (side, side))  # large JPEGs are decoded at a fraction of their size, still above what we need
    upright = _upright(image)
    rgb = _on_white(_eight_bit(upright))
    if image_size is not None:
        rgb = ImageOps.fit(rgb, (image_size[1], image_size[0]), Image.Resampling.BICUBIC)
    return np.array(rgb, np.uint8)


def _upright(image: Image.Image) -> Image.Image:
    image.load()
    try:
        return ImageOps.exif_transpose(image)
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, ZeroDivisionError, struct.error):
        return image  # the pixels are whole, only the note on their orientation is not


def _eight_bit(image: Image.Image) -> Image.Image:
    """Scales 16-bit, 32-bit and floating-point grey to 8-bit grey; leaves other images as they are."""
    if not (image.mode.startswith("I") or image.mode == "F"):
        return image
    values = np.nan_to_num(np.asarray(image, np.float64))
    if image.mode != "F":
        full = 65535.0 if values.max() <= 65535 else values.max()
    else:
        full = 1.0 if values.max() <= 1 else max(255.0, values.max())
    return Image.fromarray(np.rint(np.clip(values / full, 0, 1) * 255).astype(np.uint8))


def _on_white(image: Image.Image) -> Image.Image:
    if not (image.has_transparency_data or image.mode in ("La", "RGBa")):
        return image.convert("RGB")
    image = image.convert("RGBA")
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image).convert("RGB")
