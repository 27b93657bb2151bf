"""The one figure of the lesson: images in on the left, base, head, answers out on the right; a page's part is lit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

import streamlit as st

from pages.ui.common.i18n import _
from pages.ui.common.network_parts import answers, block, features, head, images
from pages.ui.common.palette import colour
from pages.ui.common.pictures import data_uri, show_picture

Part = Literal["images", "base", "last block", "head", "answers"]
ALL: tuple[Part, ...] = ("images", "base", "last block", "head", "answers")
WIDTH, HEIGHT, _WORDS = 800, 156, 40
ASPECT_RATIO = f"{WIDTH} / {HEIGHT + _WORDS}"  # its room is kept while it is on its way
_BLOCKS = ((132, 26), (108, 32), (86, 40), (66, 50), (46, 62))  # height, width: smaller maps, more channels
_FIRST, _GAP = 142, 18
_GRID = "display: grid; gap: 0.75rem 1.25rem; grid-template-columns: repeat(auto-fit, minmax(12.5rem, 1fr))"


@dataclass(frozen=True)
class Network:
    """What is drawn: a base of five blocks and a head.

    Attributes:
        trained: How many blocks of the base are trained, from the last one on.
        used: How many blocks of it are used at all, from the first one on.
        scratch: Whether the base begins at random.
        extracts: Whether the features are kept, and the head learns from them.
        own_head: Whether the base keeps the dense layers that it came with, which are not trained.
        title: What this network is called where several are compared; "" where one stands alone.
        lit: Its parts that are not faint.
    """

    trained: int = 0
    used: int = len(_BLOCKS)
    scratch: bool = False
    extracts: bool = False
    own_head: bool = False
    title: str = ""
    lit: Collection[Part] = ALL


def network_figure(lit: Collection[Part] = ALL, *, trained: int = 0, width: int = 520) -> None:
    """Draws the figure.

    Args:
        lit: The parts that the page is about; the others are faint.
        trained: How many blocks of the base are trained too, from the last one on: one, as in fine-tuning.
        width: In pixels, where there is room.
    """
    words = _("Images go through the frozen base; the dense head learns from what comes out, and answers.")
    if trained:
        words = _(
            "Images go through the base, whose last block is trained with the dense head, and an answer comes out."
        )
    with st.container(key="network-figure"):
        show_picture(figure_svg(Network(trained, lit=lit)), alt=words, width=width)


def networks_compared(networks: Sequence[Network]) -> None:
    """Several networks, each with its title below it, in as many lines as the screen needs; signs are explained."""
    figures = "".join(
        f'<figure style="margin: 0; max-width: 26rem">'
        f'<img src="{data_uri(figure_svg(network, words=False))}" alt="" style="width: 100%">'
        f'<figcaption style="text-align: center; font-size: 0.95rem">{escape(network.title)}</figcaption></figure>'
        for network in networks
    )
    st.html(f'<div style="{_GRID}">{figures}</div>')
    signs_line()


def signs_line() -> None:
    """What the signs on the blocks say."""
    st.caption(
        ":material/lock: "
        + _("frozen")
        + " · :material/edit: "
        + _("trainable")
        + " · "
        + _("lower boxes: smaller maps; wider ones: more channels")
    )


def figure_svg(network: Network, *, words: bool = True) -> str:
    """The figure as an SVG element, in the colours of the theme in use."""
    parts: dict[Part, str] = dict.fromkeys(ALL, "")
    parts["images"] = images(6, HEIGHT)
    left = float(_FIRST)
    for index, (height, width) in enumerate(_BLOCKS):
        moves = index >= len(_BLOCKS) - network.trained
        part: Part = "last block" if index == len(_BLOCKS) - 1 else "base"
        shape = block(left, HEIGHT - 8, (width, height), moves=moves, dashed=network.scratch)
        parts[part] += shape if index < network.used else f'<g opacity="0.2">{shape}</g>'
        left += width + _GAP
    base_middle = (_FIRST + left - _GAP) / 2
    if network.extracts:
        parts["base"] += features(left + 6, HEIGHT)
    parts["head"] = head(left + 60, HEIGHT, own=network.own_head)
    parts["answers"] = answers(left + 208, HEIGHT)
    if words:
        parts["images"] += _label(58, _("images"))
        parts["base"] += _label(base_middle, _("base"))
        parts["head"] += _label(left + 84, _("head"))
        parts["answers"] += _label(left + 256, _("answers"))
    drawn = "".join(f'<g opacity="{1 if part in network.lit else 0.4}">{parts[part]}</g>' for part in ALL)
    height = HEIGHT + _WORDS if words else HEIGHT
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="sans-serif">{drawn}</svg>'
    )


def _label(middle: float, words: str) -> str:
    return (
        f'<text x="{middle:.0f}" y="{HEIGHT + 24}" font-size="25" text-anchor="middle" fill="{colour("text")}">'
        f"{escape(words)}</text>"
    )
