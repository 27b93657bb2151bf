"""Images with more than eight bits a channel, brought to eight by the range that they use."""

from __future__ import annotations

import sys
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

#: Bits that sensors give, in files that have room for sixteen.
_DEPTHS = (8, 10, 12, 14, 16)
_BAND_ROWS = 256  # of a large image that are converted at a time
_COLOURS = 3  # channels; a fourth says how transparent it is
#: Pillow's names for how the bytes of a number of sixteen bits lie in a file: lower first, upper first, as in memory.
_OTHER_ORDER = {"16L": "16B", "16B": "16L", "16N": "16B" if sys.byteorder == "little" else "16L"}
#: Four bytes a pixel, as grey of sixteen bits with sixteen of transparency has: they are taken for four channels.
_GREY_BYTE_BY_BYTE = "RGBA"


def eight_bit(image: Image.Image) -> Image.Image:
    """Scales 16-bit, 32-bit and floating-point grey to 8-bit grey; leaves other images as they are.

    Whole numbers are scaled by the fewest bits of `_DEPTHS` that hold the brightest pixel, so that the twelve bits of a
    medical or industrial camera are not nearly black; floating point by 1, 255 or its own maximum. Where values are
    negative, the range is from the lowest to the highest. Large images would take a gigabyte as numbers of eight bytes:
    they are gone through in bands.

    Args:
        image: Decoded, of any mode.
    """
    if not has_deep_grey(image):
        return image
    values = np.asarray(image)  # (height, width)
    bands = [slice(top, top + _BAND_ROWS) for top in range(0, len(values), _BAND_ROWS)]
    low, high = _range_in_use(values, bands, whole=image.mode != "F")
    grey = np.zeros(values.shape, np.uint8)
    for band in bands:
        finite = np.nan_to_num(values[band].astype(np.float64))
        grey[band] = np.rint(np.clip((finite - low) / (high - low), 0, 1) * 255)
    return Image.fromarray(grey)


def has_deep_grey(image: Image.Image) -> bool:
    """Whether the pixels are single numbers of more than eight bits."""
    return image.mode.startswith("I") or image.mode == "F"


def _range_in_use(values: NDArray[np.generic], bands: list[slice], *, whole: bool) -> tuple[float, float]:
    extremes = [np.nan_to_num(values[band].astype(np.float64)) for band in bands]
    lowest, highest = min(band.min() for band in extremes), max(band.max() for band in extremes)
    if lowest < 0:
        return lowest, max(highest, lowest + 1.0)
    if not whole:
        return 0.0, 1.0 if highest <= 1 else max(255.0, highest)
    return 0.0, next((2.0**bits - 1 for bits in _DEPTHS if highest < 2**bits), highest)


def deep_colours(image: Image.Image, data: bytes) -> Image.Image | None:
    """A PNG or TIFF of 16 bits a colour that uses fewer, scaled by the range in use; None for all other images.

    Pillow keeps the upper byte of each colour, in which twelve bits are nearly black: the lower bytes are read by a
    second decoding. What is transparent stays so.

    Args:
        image: As Pillow decoded it.
        data: The bytes of its file.
    """
    if image.format not in ("PNG", "TIFF") or image.mode not in ("RGB", "RGBA"):
        return None
    upper = np.asarray(image)  # (height, width, 3 or 4)
    bits = next(bits for bits in _DEPTHS if upper[..., :_COLOURS].max(initial=0) < 2 ** (bits - 8))
    lower = _lower_bytes(image, data) if bits < 16 else None
    if lower is None:
        return None
    scaled = upper.copy()
    for top in range(0, len(upper), _BAND_ROWS):
        band = slice(top, top + _BAND_ROWS), slice(None), slice(_COLOURS)
        scaled[band] = np.rint((upper[band] * 256.0 + lower[band]) * (255 / (2**bits - 1)))
    picture = Image.fromarray(scaled)
    if "exif" in image.info:
        picture.info["exif"] = image.info["exif"]  # says which side is up
    return picture


def _lower_bytes(image: Image.Image, data: bytes) -> NDArray[np.uint8] | None:
    """The lower byte of each colour, in the shape of the image; None where a colour has one byte only."""
    with Image.open(BytesIO(data), formats=(image.format or "",)) as again:
        swapped = [_in_other_order(tile, image.mode) for tile in again.tile]
        if None in swapped:
            return None
        again.tile = [tile for tile in swapped if tile is not None]
        is_grey = any(tile.args == _GREY_BYTE_BY_BYTE for tile in again.tile)
        lower = np.asarray(again)
        return lower[..., [1, 1, 1, 3]] if is_grey else lower


def _in_other_order(tile: ImageFile._Tile, mode: str) -> ImageFile._Tile | None:
    """How to decode a part of an image as if its numbers had their bytes in the other order."""
    arguments = (tile.args,) if isinstance(tile.args, str) else tuple(tile.args or ())
    if arguments[:1] == ("LA;16B",):
        return tile._replace(args=_GREY_BYTE_BY_BYTE)
    layout, _, order = str(arguments[0] if arguments else "").partition(";")
    if layout != mode or order not in _OTHER_ORDER:
        return None
    swapped = (f"{layout};{_OTHER_ORDER[order]}", *arguments[1:])
    return tile._replace(args=swapped[0] if isinstance(tile.args, str) else swapped)
