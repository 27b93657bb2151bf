"""The volume picture of the lecture's slides: one box a block, as tall as its image and as deep as its channels."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from math import log2, sqrt

import streamlit as st

from pages.ui.architecture_explorer.table import blocks, shape
from pages.ui.common.charts import data_table
from pages.ui.common.i18n import _, number
from pages.ui.common.palette import colour
from pages.ui.common.picture_files import png_of_svg
from pages.ui.common.pictures import data_uri
from tlcore.architectures.summary import ArchitectureSummary

LEFT, TALLEST, GAP = 8, 190, 26
MARGIN, WORDS = 6, 52  # above the boxes, and for the two lines below them
LETTER = 7.2  # about the width of one of 12 pixels
LEAST_SCALE = 0.65
MOST_BOXES = 24
IN_A_LINE = 4  # on a phone
_STYLE = """<style>.lines { display: none }
@media (max-width: 640px) { .one-line { display: none } .lines { display: block } }</style>"""


@dataclass(frozen=True)
class Box:
    """One box: `height` and `length` in picture units, and what is written on it."""

    name: str
    label: str
    height: float
    length: float
    is_vector: bool

    @property
    def shift(self) -> float:
        """How far its back lies to the right of its front, and twice as far as it lies above."""
        return 4 if self.is_vector else 0.35 * self.height

    @property
    def width(self) -> float:
        """Of the box or of the words below it, whichever is wider."""
        return max(self.length + self.shift, LETTER * max(1.1 * len(self.name), len(self.label)))


def volume_tab(summary: ArchitectureSummary) -> None:
    """The picture, its takeaway and its download."""
    boxes = volume_boxes(summary)
    takeaway = volume_takeaway(summary)
    st.markdown(f"**{takeaway}**")
    picture = volume_svg(summary.architecture, boxes)
    st.html(_scrolling(picture, boxes, summary.architecture, takeaway))
    st.caption(
        _(
            "Height and depth: size of the image (square root). Length: number of channels (logarithm). "
            "Numbers: height × width × channels."
        )
    )
    with st.container(horizontal=True):
        data_table(_rows(boxes), key="architecture_explorer.volume.table")
        st.download_button(
            _("Download the picture (SVG)"),
            picture,
            file_name=f"{summary.architecture}.svg",
            mime="image/svg+xml",
            icon=":material/download:",
            on_click="ignore",
        )
        png_of_svg(picture, summary.architecture, key="architecture_explorer.volume.png")


def _scrolling(picture: str, boxes: list[Box], name: str, takeaway: str) -> str:
    """The picture as wide as the page, never so small that its words cannot be read; in several lines on a phone."""
    width, title = _width(boxes), escape(_("Volumes of {name}").format(name=name))
    style = f"display: block; width: 100%; max-width: {width:.0f}px; min-width: {LEAST_SCALE * width:.0f}px"
    image = f'<img src="{data_uri(picture)}" alt="{escape(takeaway)}" style="{style}">'
    wide = f'<div style="overflow-x: auto" tabindex="0" role="group" aria-label="{title}">{image}</div>'
    return f'<div class="one-line">{wide}</div><div class="lines">{_lines(boxes, name, takeaway)}</div>{_STYLE}'


def _lines(boxes: list[Box], name: str, takeaway: str) -> str:
    """The picture in as many lines as a phone needs to show all of it, the dense end too."""
    lines = [boxes[start : start + IN_A_LINE] for start in range(0, len(boxes), IN_A_LINE)]
    alone = [f'alt="{escape(takeaway)}"', *['alt=""'] * (len(lines) - 1)]
    return "".join(
        f'<img src="{data_uri(volume_svg(name, line))}" {alt} style="max-width: 100%; height: auto">'
        for line, alt in zip(lines, alone, strict=True)
    )


def _width(boxes: list[Box]) -> float:
    return LEFT + sum(box.width + GAP for box in boxes)


def volume_takeaway(summary: ArchitectureSummary) -> str:
    maps = [layer.output_shape for layer in summary.layers if len(layer.output_shape) == 3]
    if not maps or None in maps[0] or None in maps[-1]:
        return _("The image gets smaller and the channels more numerous on the way through the network.")
    return _(
        "From {a} × {b} with {c} channels to {d} × {e} with {f}: the image shrinks while the channels grow."
    ).format(a=maps[0][0], b=maps[0][1], c=maps[0][2], d=maps[-1][0], e=maps[-1][1], f=number(maps[-1][2] or 0))


def volume_boxes(summary: ArchitectureSummary) -> list[Box]:
    """One box for each block whose output shape differs from the one before."""
    boxes: list[Box] = []
    scale = TALLEST / sqrt(summary.input_shape[0])
    for name, layers in blocks(summary):
        dimensions = layers[-1].output_shape
        label = shape(dimensions)
        if boxes and boxes[-1].label == label:
            continue
        boxes.append(_box(name, label, dimensions, scale))
    step = max(1, -(-len(boxes) // MOST_BOXES))
    return boxes[::step] if boxes[-1] in boxes[::step] else [*boxes[::step], boxes[-1]]


def _rows(boxes: list[Box]) -> list[dict[str, str]]:
    return [{_("block"): box.name, _("output"): box.label} for box in boxes]


def _box(name: str, label: str, dimensions: tuple[int | None, ...], scale: float) -> Box:
    if len(dimensions) == 3:
        height, _width, channels = (size or 1 for size in dimensions)
        return Box(name, label, scale * sqrt(height), 5 * log2(channels + 1), False)
    size = dimensions[-1] or 1
    return Box(name, label, min(12 * log2(size + 1), TALLEST), 8, True)


def volume_svg(name: str, boxes: list[Box]) -> str:
    """The picture as SVG, in the colours of the theme in use."""
    parts, x = [], float(LEFT)
    baseline = MARGIN + max(box.height + box.shift / 2 for box in boxes)
    for box in boxes:
        parts.append(_draw(box, x, baseline))
        x += box.width + GAP
    width, height = _width(boxes), baseline + WORDS
    title = escape(_("Volumes of {name}").format(name=name))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{title}" width="{width:.0f}" '
        f'height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}" font-family="sans-serif"><title>{title}</title>'
        f"{''.join(parts)}</svg>"
    )


def _draw(box: Box, x: float, baseline: float) -> str:
    fill, edge, text = colour("dense" if box.is_vector else "frozen"), colour("text"), colour("text")
    shift = box.shift
    top, right = baseline - box.height, x + box.length
    back = f"{right:.1f},{top:.1f} {right + shift:.1f},{top - shift * 0.5:.1f}"
    side = f"{back} {right + shift:.1f},{baseline - shift * 0.5:.1f} {right:.1f},{baseline}"
    lid = f"{x:.1f},{top:.1f} {x + shift:.1f},{top - shift * 0.5:.1f} {' '.join(back.split()[::-1])}"
    style = f'fill="{fill}" stroke="{edge}" stroke-width="0.8"'
    front = f'x="{x:.1f}" y="{top:.1f}" width="{box.length:.1f}" height="{box.height:.1f}"'
    words = f'x="{x:.1f}" font-size="12" fill="{text}"'
    return (
        f'<rect {front} {style} fill-opacity="0.85"/>'
        f'<polygon points="{lid}" {style} fill-opacity="0.45"/><polygon points="{side}" {style} fill-opacity="0.6"/>'
        f'<text {words} y="{baseline + 22}" font-weight="600">{escape(box.name)}</text>'
        f'<text {words} y="{baseline + 40}">{escape(box.label)}</text>'
    )
