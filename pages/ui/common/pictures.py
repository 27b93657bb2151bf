"""Pictures: one, small ones in lines as wide as the page, or in one row.

Their bytes travel with the page. Streamlit would give each an address that it serves to whoever knows it, also for a
while after the page was closed: nothing that shows a person or a room.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import Any, Literal

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


def show_picture(image: Any, *, alt: Any, width: int | Literal["content"], caption: Any = None) -> None:
    """Draws an image, or several one after another.

    Args:
        image: The bytes of an image file, the text of an SVG, or an array, `uint8 (H, W)` or `(H, W, 3 or 4)`; or a
            list of these.
        alt: What a screen reader says; of several a list.
        width: In pixels, of each.
        caption: Below it; of several a list.
    """
    shown = [data_uri(each) for each in image] if isinstance(image, list) else data_uri(image)
    st.image(shown, caption=caption, alt=alt, width=width)


def pictures(images: Sequence[Any], captions: Sequence[str], *, width: int, key: str, one_row: bool = False) -> None:
    """Draws images, each with its caption below it.

    A screen reader says the caption: what the picture shows is what the caption calls it.

    Args:
        images: As `show_picture` takes one.
        captions: One each.
        width: `SMALL`, `MEDIUM` or `LARGE`.
        key: Unique on the page.
        one_row: Keeps them in one row, which scrolls to the side where it does not fit.
    """
    kind = "row" if one_row else "gallery"
    with st.container(horizontal=True, gap="small", wrap=not one_row, key=f"{kind}-{width}-{key}"):
        for image, caption in zip(images, captions, strict=True):
            show_picture(image, caption=as_plain_text(caption), alt=caption, width=width)


def enlarged(picture: Any, width: int) -> Any:
    """A small map with its own pixels visible."""
    times = max(1, -(-width // max(picture.shape)))
    return picture.repeat(times, 0).repeat(times, 1)


def data_uri(image: Any) -> str:
    """An image, as `show_picture` takes it, that an image element can show."""
    if isinstance(image, str):
        return _address("image/svg+xml", image.encode())
    if isinstance(image, bytes):  # the browser decodes it; this process never opens people's images
        kind = "png" if image.startswith(b"\x89PNG") else "webp" if image.startswith(b"RIFF") else "jpeg"
        return _address(f"image/{kind}", image)
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(image).save(file, "PNG", compress_level=1)
    return _address("image/png", file.getvalue())


def _address(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
