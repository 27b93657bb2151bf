"""Small pictures in a row that flows to as many lines as the screen needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.ui.common.i18n import as_plain_text


def pictures(images: Sequence[Any], captions: Sequence[str], *, width: int, one_row: str | None = None) -> None:
    """Draws each image `width` pixels wide, its caption below it, with some air between them.

    A screen reader says the caption: what the picture shows is what the caption calls it.

    Args:
        images: As `st.image` takes them.
        captions: One each.
        width: In pixels.
        one_row: Keeps them in one row, which scrolls to the side where it does not fit; a name that no other row has.
    """
    key = None if one_row is None else f"one-row-{one_row}"
    with st.container(horizontal=True, gap="small", wrap=one_row is None, key=key):
        for image, caption in zip(images, captions, strict=True):
            st.image(image, caption=as_plain_text(caption), alt=caption, width=width)


def enlarged(picture: Any, width: int) -> Any:
    """A small map with its own pixels visible."""
    times = max(1, -(-width // max(picture.shape)))
    return picture.repeat(times, 0).repeat(times, 1)
