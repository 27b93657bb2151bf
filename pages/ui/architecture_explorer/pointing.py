"""A picture that answers to a click with the point that was clicked; the numbers beside it do the same by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.ui.architecture_explorer.state import COLUMN, ROW
from pages.ui.common.pictures import data_uri
from pages.ui.common.state import Key

Position = tuple[int, int]

_HTML = "<img/>"
_CSS = """
img { display: block; max-width: 100%; height: auto; cursor: crosshair; border-radius: var(--st-base-radius); }
"""
_JS = """
export default function ({ data, parentElement, setTriggerValue }) {
  const image = parentElement.querySelector("img");
  image.src = data.src;
  image.alt = data.alt;
  image.width = data.width;
  image.onclick = event => {
    const box = image.getBoundingClientRect();
    setTriggerValue("point", {x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height});
  };
}
"""
_picture = st.components.v2.component("tlcore.pointed_picture", html=_HTML, css=_CSS, js=_JS)


def pointed_picture(
    svg: str, alt: str, *, width: int, unit_at: Callable[[float, float], Position], key: Key[Any]
) -> None:
    """Draws `svg`; a click chooses the row and the column of the explorer's unit.

    Args:
        svg: The picture.
        alt: What a screen reader says.
        width: In pixels, where there is room.
        unit_at: Row and column for a point (x, y) in the picture, both in [0, 1].
        key: Of the component.
    """

    def chosen() -> None:
        point = (key.get() or {}).get("point")
        if point:
            row, column = unit_at(float(point["x"]), float(point["y"]))
            ROW.set(row)
            COLUMN.set(column)

    data = {"src": data_uri(svg), "alt": alt, "width": width}
    _picture(data=data, key=key.name, on_point_change=chosen, width="stretch")


def within(index: float, size: int) -> int:
    """The nearest position that there is."""
    return max(0, min(int(index), size - 1))
