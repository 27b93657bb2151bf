"""The receptive field on a photo: the square of the input that one unit of the chosen layer sees."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

import streamlit as st

from pages.ui.architecture_explorer.crumbs import breadcrumbs
from pages.ui.architecture_explorer.inspector import find_layer
from pages.ui.architecture_explorer.pointing import pointed_picture, within
from pages.ui.architecture_explorer.source import photo_of_explorer
from pages.ui.architecture_explorer.state import COLUMN, FIELD, LAYER, ROW
from pages.ui.common.charts import data_table
from pages.ui.common.i18n import _, number, percent
from pages.ui.common.palette import colour
from pages.ui.common.pictures import data_uri
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
    LAYER.set(LAYER.get() if LAYER.get() in names else _last_convolution(maps))
    left, right = st.columns([2, 3], gap="large")
    with left:
        st.selectbox(_("Layer"), names, key=LAYER.widget(names), persist_state="session")
        layer = find_layer(summary, LAYER.get())
        if layer is None:
            return
        breadcrumbs(summary, layer, key="architecture_explorer.crumbs.field")
        unit = _unit_control(layer)
        photo = photo_of_explorer()
    box = receptive_field_box(summary, layer.name, unit.row, unit.column)
    with right:
        takeaway = receptive_takeaway(summary, layer, box)
        st.markdown(f"**{takeaway}**")
        picture = receptive_svg(summary, unit, box, data_uri(photo[0]) if photo else None)
        pointed_picture(picture, takeaway, width=SIDE, unit_at=lambda x, y: unit_at(summary, layer, x, y), key=FIELD)
        st.caption(
            _(
                "Square: what the unit sees. Fine lines: one cell a unit, {stride} pixels from each to the next; the "
                "unit's own cell is filled. Click another place of the photo to choose the unit there."
            ).format(stride=layer.effective_stride[0])
        )
        data_table(_rows(layer, unit, box), key="architecture_explorer.field.table")


def unit_at(summary: ArchitectureSummary, layer: LayerSummary, x: float, y: float) -> tuple[int, int]:
    """Row and column of the unit whose cell holds a point of the photo, x and y in [0, 1]."""
    row, column = (
        within(floor((share * side - first_cell(layer, axis)) / layer.effective_stride[axis]), size or 1)
        for axis, (share, side, size) in enumerate(
            zip((y, x), summary.input_shape[:2], layer.output_shape[:2], strict=True)
        )
    )
    return row, column


def first_cell(layer: LayerSummary, axis: int) -> float:
    """Where the cell of unit 0 begins, in input pixels: one stride wide around the middle of what the unit sees."""
    middle = layer.receptive_field_start[axis] + layer.receptive_field[axis] / 2
    return middle - layer.effective_stride[axis] / 2


def _rows(layer: LayerSummary, unit: Unit, box: Box) -> list[dict[str, str]]:
    first, last = _("first pixel seen"), _("last pixel seen")
    return [
        {
            _("direction"): name,
            _("unit"): str(position),
            first: str(start),
            last: str(end - 1),
            _("receptive field"): number(layer.receptive_field[axis]),
            _("stride"): number(layer.effective_stride[axis]),
        }
        for axis, (name, position, start, end) in enumerate(
            ((_("rows"), unit.row, box.top, box.bottom), (_("columns"), unit.column, box.left, box.right))
        )
    ]


def _last_convolution(maps: list[LayerSummary]) -> str:
    convolutions = [layer.name for layer in maps if "Conv" in layer.type]
    return (convolutions or [layer.name for layer in maps])[-1]


def _unit_control(layer: LayerSummary) -> Unit:
    rows, columns = layer.output_shape[0] or 1, layer.output_shape[1] or 1
    positions = []
    for label, key, size in (
        (_("Row of the unit"), ROW, rows),
        (_("Column of the unit"), COLUMN, columns),
    ):
        key.set(min(key.get() if key.get() >= 0 else size // 2, size - 1))
        positions.append(st.slider(label, 0, size - 1, key=key.widget(), persist_state="session") if size > 1 else 0)
    return Unit(layer, positions[0], positions[1])


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
        f"{background}{_grid(summary, unit, scale)}{square}</svg>"
    )


def _grid(summary: ArchitectureSummary, unit: Unit, scale: float) -> str:
    """One cell a unit, and the cell of this unit filled; no lines where they would hide the photo."""
    height, width = summary.input_shape[:2]
    layer, strides = unit.layer, unit.layer.effective_stride
    if layer.sees_everything:
        return ""
    top, left = first_cell(layer, 0), first_cell(layer, 1)
    cell = (
        f'<rect x="{(left + unit.column * strides[1]) * scale:.1f}" y="{(top + unit.row * strides[0]) * scale:.1f}" '
        f'width="{strides[1] * scale:.1f}" height="{strides[0] * scale:.1f}" fill="#d35400" fill-opacity="0.6"/>'
    )
    if strides[1] < 2 or width / strides[1] > MOST_LINES:
        return cell
    style = 'stroke="#ffffff" stroke-opacity="0.55" stroke-width="1"'
    xs = [left + column * strides[1] for column in range((layer.output_shape[1] or 0) + 1)]
    ys = [top + row * strides[0] for row in range((layer.output_shape[0] or 0) + 1)]
    lines = [f'<line x1="{x * scale:.1f}" x2="{x * scale:.1f}" y1="0" y2="{height * scale:.0f}" {style}/>' for x in xs]
    lines += [f'<line y1="{y * scale:.1f}" y2="{y * scale:.1f}" x1="0" x2="{SIDE}" {style}/>' for y in ys]
    return "".join(lines) + cell
