"""Pictures: small ones with their pixels visible, and addresses that an SVG or a page can show."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from pages.ui.common.pictures import data_uri

GAP = 4  # pixels around a small picture


def framed(picture: Any, side: int) -> Any:
    """A small picture enlarged to about `side` pixels, each of its own pixels a square, with a gap around it.

    Args:
        picture: `uint8 (h, w)` grey or `(h, w, 3)` RGB.
        side: Of the result, without the gap.

    Returns:
        `uint8 (H, W, 4)`: the gap is transparent.
    """
    colours = picture if picture.ndim == 3 else np.repeat(picture[..., np.newaxis], 3, axis=2)
    times = max(1, -(-side // max(picture.shape[:2])))
    colours = colours.repeat(times, 0).repeat(times, 1)
    opaque = np.full((*colours.shape[:2], 1), 255, np.uint8)
    return np.pad(np.concatenate([colours, opaque], axis=2), ((GAP, GAP), (GAP, GAP), (0, 0)))


def data_uri_of_pixels(picture: Any) -> str:
    """A picture `uint8 (h, w)`, `(h, w, 1)` or `(h, w, 3)` as a PNG that an SVG can show."""
    from PIL import Image

    grey = picture.ndim == 3 and picture.shape[2] == 1
    file = io.BytesIO()
    Image.fromarray(picture[..., 0] if grey else picture).save(file, "PNG")
    return data_uri(file.getvalue())
