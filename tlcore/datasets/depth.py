"""Images with more than eight bits a channel, brought to eight by the range that they use."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

#: Bits that sensors give, in files that have room for sixteen.
_DEPTHS = (8, 10, 12, 14, 16)
_BAND_ROWS = 256  # of a large image that are converted at a time
_PNG_DEPTH_AND_KIND = slice(24, 26)  # of the bytes of a PNG
_SIXTEEN_BITS_OF_RGB = b"\x10\x02"


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
    """A PNG of 16 bits a colour that uses fewer, scaled by the range in use; None for all other images.

    Pillow keeps the upper byte of each colour, in which twelve bits are nearly black: the lower bytes are read by a
    second decoding.

    Args:
        image: As Pillow decoded it.
        data: The bytes of its file.
    """
    if image.format != "PNG" or data[_PNG_DEPTH_AND_KIND] != _SIXTEEN_BITS_OF_RGB or image.mode != "RGB":
        return None
    upper = np.asarray(image)  # (height, width, 3)
    bits = next(bits for bits in _DEPTHS if upper.max(initial=0) < 2 ** (bits - 8))
    if bits == 16:
        return None
    with Image.open(BytesIO(data), formats=("PNG",)) as again:
        again.tile = [tile._replace(args="RGB;16L") for tile in again.tile]  # the bytes in the other order
        lower = np.asarray(again)
    colours = np.empty_like(upper)
    for top in range(0, len(upper), _BAND_ROWS):
        band = slice(top, top + _BAND_ROWS)
        colours[band] = np.rint((upper[band] * 256.0 + lower[band]) * (255 / (2**bits - 1)))
    return Image.fromarray(colours)
