"""The whole photo, with the part that the network saw framed, and a heat map over that part."""

from __future__ import annotations

from html import escape

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages.ui.common.pictures import data_uri
from tlcore.explanation import heat_layer

WIDTH = 340  # pixels, where there is room
_SIDE = 480  # pixels of the longer side of what is laid over the photo
_LINE = 4


def whole_photo(photo: bytes, heat: NDArray[np.float32], caption: str) -> None:
    """Draws the photo.

    What the network saw lies in the middle of the photo and is as large as fits: just as a browser lays a picture over
    another one that is to contain it.

    Args:
        photo: A PNG file of this program's own making.
        heat: `float32 (H, W)` in [0, 1], in the shape of what the network saw; all 0 leaves the frame alone.
        caption: Below it, and what a screen reader says.
    """
    from PIL import Image

    height, width = heat.shape
    size = (round(_SIDE * width / max(heat.shape)), round(_SIDE * height / max(heat.shape)))
    layer = np.array(Image.fromarray(heat_layer(heat)).resize(size, Image.Resampling.BILINEAR))
    over = data_uri(_framed(layer))
    below = data_uri(photo)
    st.html(
        f'<figure style="margin: 0; max-width: {WIDTH}px"><div style="position: relative">'
        f'<img src="{below}" alt="{escape(caption)}" style="display: block; width: 100%; border-radius: 0.5rem">'
        f'<img src="{over}" alt="" style="position: absolute; inset: 0; width: 100%; height: 100%; '
        f'object-fit: contain"></div></figure>'
    )
    st.caption(caption)


def _framed(layer: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture with transparency, a white line around it and a dark one within: one of them shows on any photo."""
    framed = layer.copy()
    for inset, grey in ((0, 255), (_LINE // 2, 0)):
        line = slice(inset, inset + _LINE // 2), slice(-inset - _LINE // 2, -inset or None)
        for edge in line:
            framed[edge, inset : framed.shape[1] - inset] = (grey, grey, grey, 255)
            framed[inset : framed.shape[0] - inset, edge] = (grey, grey, grey, 255)
    return framed
