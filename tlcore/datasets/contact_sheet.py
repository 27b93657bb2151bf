"""Many small pictures in one file, as photographers lay them out."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

#: A JPEG's colours are kept in blocks of so many pixels: cells of whole blocks don't run into one another.
BLOCK = 16
COLUMNS = 10
_QUALITY = 88


def contact_sheet(images: Sequence[NDArray[np.uint8]], cell: int, columns: int = COLUMNS) -> bytes:
    """Pictures in rows, each scaled into a square of `cell` pixels, its proportions kept.

    Args:
        images: `uint8 (height, width, 3)` each.
        cell: Side of the squares in pixels; rounded up to whole blocks of a JPEG, see `cell_side`.
        columns: Pictures in a row.

    Returns:
        A JPEG file; of no pictures, one empty square.
    """
    side = cell_side(cell)
    rows = max(1, -(-len(images) // columns))
    sheet = Image.new("RGB", (side * min(columns, max(1, len(images))), side * rows))
    for place, image in enumerate(images):
        picture = Image.fromarray(image)
        scale = side / max(picture.size)
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        small = picture.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
        left, top = place % columns * side, place // columns * side
        sheet.paste(small, (left + (side - size[0]) // 2, top + (side - size[1]) // 2))
    file = BytesIO()
    sheet.save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()


def cell_side(cell: int) -> int:
    """The side of a picture's square in a sheet, in pixels."""
    return -(-cell // BLOCK) * BLOCK
