"""The receptive field on a photo: the square of the input that one unit of the chosen layer sees."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import streamlit as st

from pages.ui.explorer.inspector import breadcrumbs, find_layer
from pages.ui.explorer.source import photo_of_explorer
from pages.ui.i18n import _, number, percent
from pages.ui.palette import colour
from pages.ui.state import EXPLORER_COLUMN, EXPLORER_LAYER, EXPLORER_ROW
from tlcore.architectures.receptive_field import Box, receptive_field_box
from tlcore.architectures.summary import ArchitectureSummary, LayerSummary

SIDE = 480
MOST_LINES = 80


@dataclass(frozen=True)
class Unit:
    """One position in the map of a layer."""

    layer: LayerSummary
    row: int
    column: int


def receptive_tab(summary: ArchitectureSummary) -> None:
    """Photo, layer, unit, and the square that it sees."""
    maps = [layer for layer in summary.layers if len(layer.output_shape) == 3 and layer.output_shape[0]]
    names = [layer.name for layer in maps]
    EXPLORER_LAYER.set(EXPLORER_LAYER.get() if EXPLORER_LAYER.get() in names else _last_convolution(maps))
    left, right = st.columns([2, 3], gap="large")
    with left:
        st.selectbox(_("Layer"), names, key=EXPLORER_LAYER.widget(names), persist_state="session")
        layer = find_layer(summary, EXPLORER_LAYER.get())
        if layer is None:
            return
        breadcrumbs(summary, layer)
        unit = _unit_control(layer)
        photo = photo_of_explorer()
    box = receptive_field_box(summary, layer.name, unit.row, unit.column)
    href = _data_uri(photo) if photo else None
    with right:
        st.markdown(f"**{receptive_takeaway(summary, layer, box)}**")
        st.image(receptive_svg(summary, unit, box, href), width="content")
        st.caption(
            _("Square: what the unit sees. Fine lines: the step from one unit to the next, {stride} pixels.").format(
                stride=layer.effective_stride[0]
            )
        )


def _last_convolution(maps: list[LayerSummary]) -> str:
    convolutions = [layer.name for layer in maps if "Conv" in layer.type]
    return (convolutions or [layer.name for layer in maps])[-1]


def _unit_control(layer: LayerSummary) -> Unit:
    rows, columns = layer.output_shape[0] or 1, layer.output_shape[1] or 1
    places = []
    for label, key, size in (
        (_("Row of the unit"), EXPLORER_ROW, rows),
        (_("Column of the unit"), EXPLORER_COLUMN, columns),
    ):
        key.set(min(key.get() if key.get() >= 0 else size // 2, size - 1))
        places.append(st.slider(label, 0, size - 1, key=key.widget()) if size > 1 else 0)
    return Unit(layer, places[0], places[1])


def receptive_takeaway(summary: ArchitectureSummary, layer: LayerSummary, box: Box) -> str:
    height, width = summary.input_shape[:2]
    seen = (box.bottom - box.top) * (box.right - box.left) / (height * width)
    return _(
        "A unit of {layer} can see {field} × {field} pixels; here {rows} × {columns} of them lie inside the image, "
        "{share} of it."
    ).format(
        layer=layer.name,
        field=number(layer.receptive_field[0]),
        rows=box.bottom - box.top,
        columns=box.right - box.left,
        share=percent(seen),
    )


def receptive_svg(summary: ArchitectureSummary, unit: Unit, box: Box, href: str | None) -> str:
    """The photo as the network gets it, with the stride grid and the square."""
    height, width = summary.input_shape[:2]
    scale = SIDE / width
    background = (
        f'<image href="{href}" width="{SIDE}" height="{height * scale:.0f}" preserveAspectRatio="xMidYMid slice"/>'
        if href
        else f'<rect width="{SIDE}" height="{height * scale:.0f}" fill="{colour("surface")}"/>'
    )
    square = (
        f'<rect x="{box.left * scale:.1f}" y="{box.top * scale:.1f}" width="{(box.right - box.left) * scale:.1f}" '
        f'height="{(box.bottom - box.top) * scale:.1f}" fill="#ffd54a" fill-opacity="0.25" stroke="#d35400" '
        'stroke-width="4"/>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIDE}" height="{height * scale:.0f}">'
        f"{background}{_grid(summary, unit.layer, scale)}{square}</svg>"
    )


def _grid(summary: ArchitectureSummary, layer: LayerSummary, scale: float) -> str:
    height, width = summary.input_shape[:2]
    stride = layer.effective_stride[0]
    if stride < 2 or width / stride > MOST_LINES:
        return ""
    style = 'stroke="#ffffff" stroke-opacity="0.55" stroke-width="1"'
    lines = [
        f'<line x1="{x * scale:.1f}" x2="{x * scale:.1f}" y1="0" y2="{height * scale:.0f}" {style}/>'
        for x in range(stride, width, stride)
    ]
    lines += [
        f'<line y1="{y * scale:.1f}" y2="{y * scale:.1f}" x1="0" x2="{SIDE}" {style}/>'
        for y in range(stride, height, stride)
    ]
    return "".join(lines)


def _data_uri(photo: tuple[bytes, str]) -> str:
    """The photo for the browser to decode; this process never opens people's images."""
    data = photo[0]
    kind = "png" if data.startswith(b"\x89PNG") else "webp" if data.startswith(b"RIFF") else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
