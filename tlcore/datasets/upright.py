"""From an opened image file to the pixels that a network may get: upright, RGB, eight bits, on white."""

from __future__ import annotations

import struct
from contextlib import suppress

from PIL import Image, ImageOps

from .depth import deep_colours, eight_bit, has_deep_grey

_BAND_ROWS = 256  # of a large image that are converted at a time


def upright_rgb(image: Image.Image, data: bytes, needed: int | None) -> tuple[Image.Image, bool, bool]:
    """All of an image upright in RGB, whether it is wide, and whether its range was scaled.

    Args:
        image: Opened, not yet decoded.
        data: Its file.
        needed: Pixels of the longer side that are needed; None for all.
    """
    if needed is not None:
        side = 2 * needed
        image.draft(None, (side, side))  # large JPEGs are decoded at a fraction of their size, still above what we need
    image.load()
    deep = deep_colours(image, data)
    upright = _upright(deep or image)
    rescaled = deep is not None or has_deep_grey(upright)
    return _on_white(eight_bit(upright)), upright.width > upright.height, rescaled


def covering(rgb: Image.Image, image_size: tuple[int, int]) -> Image.Image:
    """The image scaled until it covers (height, width), its proportions kept; what sticks out is cut off equally."""
    return ImageOps.fit(rgb, (image_size[1], image_size[0]), Image.Resampling.BICUBIC)


def _upright(image: Image.Image) -> Image.Image:
    with suppress(OSError, SyntaxError, ValueError, TypeError, KeyError, ZeroDivisionError, struct.error):
        # Where this fails, the pixels are whole and only the note on their orientation is not.
        ImageOps.exif_transpose(image, in_place=True)
    return image


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
