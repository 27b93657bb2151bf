"""The one figure of the lesson: images in on the left, base, head, answers out on the right; a page's part is lit."""

from __future__ import annotations

from collections.abc import Collection
from html import escape
from typing import Literal

import streamlit as st

from pages.ui.common.i18n import _
from pages.ui.common.palette import colour

Part = Literal["images", "base", "last block", "head", "answers"]
ALL: tuple[Part, ...] = ("images", "base", "last block", "head", "answers")
_WIDTH, _HEIGHT, _FLOOR = 800, 190, 148
_BLOCKS = ((128, 26), (104, 32), (82, 40), (62, 50), (44, 62))  # height, width: smaller maps, more channels
_LOCK = "M3 9 h14 v11 h-14 z M6 9 v-3 a4 4 0 0 1 8 0 v3"
_PENCIL = "M2 18 l2 -6 L14 2 l4 4 L8 16 z"


def network_figure(lit: Collection[Part] = ALL, *, trained: bool = False, width: int = 520) -> None:
    """Draws the figure.

    Args:
        lit: The parts that the page is about; the others are faint.
        trained: Whether the last block of the base is trained too, as in fine-tuning.
        width: In pixels, where there is room.
    """
    words = _("Images go through the frozen base; the dense head learns from what comes out, and answers.")
    if trained:
        words = _(
            "Images go through the base, whose last block is trained with the dense head, and an answer comes out."
        )
    st.image(figure_svg(lit, trained=trained), alt=words, width=width)


def figure_svg(lit: Collection[Part], *, trained: bool) -> str:
    """The figure as an SVG document."""
    parts: dict[Part, str] = dict.fromkeys(ALL, "")
    parts["images"] = _images()
    left = 150
    for index, (height, width) in enumerate(_BLOCKS):
        last = index == len(_BLOCKS) - 1
        moves = last and trained
        part: Part = "last block" if last else "base"
        parts[part] += _volume(left, height, width, colour("trainable" if moves else "frozen"), moves)
        left += width + 22
    parts["head"] = _head(left + 24)
    parts["answers"] = _answers(left + 146)
    parts["images"] += _label(64, _("images"))
    parts["base"] += _label(150 + (left - 172) / 2, _("base"))
    parts["head"] += _label(left + 44, _("head"))
    parts["answers"] += _label(left + 192, _("answers"))
    drawn = "".join(f'<g opacity="{1 if part in lit else 0.28}">{parts[part]}</g>' for part in ALL)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif">{drawn}</svg>'
    )


def _images() -> str:
    """A small pile of photos, a head on the top one."""
    fill, line = colour("surface"), colour("muted")
    pile = "".join(
        f'<rect x="{10 + 12 * n}" y="{44 + 12 * n}" width="72" height="72" rx="6" fill="{fill}" stroke="{line}" '
        'stroke-width="2"/>'
        for n in range(3)
    )
    head = (
        f'<circle cx="70" cy="106" r="15" fill="{colour("validation")}"/>'
        f'<path d="M52 101 a18 18 0 0 1 36 0 z" fill="{colour("accent")}"/>'
        f'<path d="M46 140 a24 20 0 0 1 48 0 z" fill="{line}"/>'
    )
    return pile + head


def _volume(left: float, height: float, width: float, fill: str, moves: bool) -> str:
    """A block of the base as a box in perspective, with a lock or a pencil on it."""
    top, depth = _FLOOR - height, 10
    front = f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="{fill}"/>'
    side = (
        f'<path d="M{left} {top} l{depth} -{depth} h{width} v{height} l-{depth} {depth} v-{height} z" '
        f'fill="{fill}" fill-opacity="0.55"/>'
    )
    x, y = left + width / 2 - 9, _FLOOR - min(height, 70) / 2 - 10
    sign = (
        f'<path transform="translate({x} {y}) scale(0.9)" d="{_PENCIL if moves else _LOCK}" '
        f'fill="{"none" if not moves else colour("on_accent")}" stroke="{colour("on_accent")}" stroke-width="2.4"/>'
    )
    return side + front + sign


def _head(left: float) -> str:
    """Two dense layers, as columns of units."""
    fill = colour("dense")
    columns = ((left, 5), (left + 34, 2))
    units = [(x, _FLOOR - 30 - 13 * (count - 1) / 2 + 13 * n - 24) for x, count in columns for n in range(count)]
    first, second = units[:5], units[5:]
    lines = "".join(
        f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{fill}" stroke-width="1"/>'
        for x1, y1 in first
        for x2, y2 in second
    )
    pencil = f'<path transform="translate({left + 8} {_FLOOR - 18}) scale(0.9)" d="{_PENCIL}" fill="{fill}"/>'
    return lines + "".join(f'<circle cx="{x}" cy="{y}" r="6" fill="{fill}"/>' for x, y in units) + pencil


def _answers(left: float) -> str:
    """Two bars, the likelier class and the other."""
    best, other = colour("accent"), colour("muted")
    return (
        f'<rect x="{left}" y="76" width="92" height="20" rx="3" fill="{best}"/>'
        f'<rect x="{left}" y="104" width="26" height="20" rx="3" fill="{other}"/>'
    )


def _label(centre: float, words: str) -> str:
    return (
        f'<text x="{centre}" y="{_HEIGHT - 10}" font-size="23" text-anchor="middle" fill="{colour("text")}">'
        f"{escape(words)}</text>"
    )
