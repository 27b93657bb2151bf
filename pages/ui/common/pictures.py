"""Small pictures in lines as wide as the page, or in one row."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.ui.common.i18n import as_plain_text

#: How wide the pictures of a gallery are at least, in pixels; where a line has room left, they are a little wider.
SMALL, MEDIUM, LARGE = 88, 112, 128
#: Streamlit gives each picture the width that it was drawn with; in a gallery that of its cell counts.
GALLERY_STYLE = """
[class*="st-key-gallery-"] { display: grid !important; align-items: start; gap: 0.6rem }
:is([class*="st-key-gallery-"], [class*="st-key-row-"]) [data-testid="stImageCaption"] { font-size: 0.82rem }
[class*="st-key-gallery-"] :is([data-testid="stElementContainer"], [data-testid="stFullScreenFrame"],
  [data-testid="stFullScreenFrame"] > div, [data-testid="stImage"], [data-testid="stImageContainer"], img,
  [data-testid="stImageCaption"]) { width: 100% !important }
""" + "".join(
    f'[class*="st-key-gallery-{width}-"] '
    f"{{ grid-template-columns: repeat(auto-fill, minmax(min({width}px, {of_phone}vw), 1fr)) }}\n"
    for width, of_phone in ((SMALL, 20), (MEDIUM, 25), (LARGE, 27))
)


def pictures(images: Sequence[Any], captions: Sequence[str], *, width: int, key: str, one_row: bool = False) -> None:
    """Draws images, each with its caption below it.

    A screen reader says the caption: what the picture shows is what the caption calls it.

    Args:
        images: As `st.image` takes them.
        captions: One each.
        width: `SMALL`, `MEDIUM` or `LARGE`.
        key: Unique on the page.
        one_row: Keeps them in one row, which scrolls to the side where it does not fit.
    """
    kind = "row" if one_row else "gallery"
    with st.container(horizontal=True, gap="small", wrap=not one_row, key=f"{kind}-{width}-{key}"):
        for image, caption in zip(images, captions, strict=True):
            st.image(image, caption=as_plain_text(caption), alt=caption, width=width)


def enlarged(picture: Any, width: int) -> Any:
    """A small map with its own pixels visible."""
    times = max(1, -(-width // max(picture.shape)))
    return picture.repeat(times, 0).repeat(times, 1)


def data_uri_of_svg(svg: str) -> str:
    """An SVG that an image element can show."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
