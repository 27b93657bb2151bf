"""The way down, from the network to one number, each step of it a button that leads back there."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.ui.architecture_explorer.state import BLOCK, CHANNEL, LAYER, SEARCH, TAB
from pages.ui.common.i18n import _
from tlcore.architectures.summary import ArchitectureSummary, LayerSummary


def breadcrumbs(
    summary: ArchitectureSummary,
    layer: LayerSummary | None,
    *,
    channel: int | None = None,
    position: tuple[int, int] | None = None,
    key: str,
) -> None:
    """network › block › layer › channel › number; what comes last is where the learner is.

    Args:
        summary: The network.
        layer: The layer in it, None for none.
        channel: A channel of the layer.
        position: Row and column of a number of the channel.
        key: Unique on the page.
    """
    steps: list[tuple[str, Callable[[], None]]] = [(summary.architecture, lambda: _to_table("", ""))]
    if layer is not None:
        steps.append((layer.block, lambda: _to_table(layer.block, "")))
        steps.append((layer.name, lambda: _to_table(BLOCK.get(), layer.name)))
    if channel is not None:
        steps.append((_("channel {number}").format(number=channel), lambda: CHANNEL.set(channel)))
    if position is not None:
        steps.append((_("row {row}, column {column}").format(row=position[0], column=position[1]), _stay))
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        for number, (label, back) in enumerate(steps):
            if number:
                st.markdown("›", width="content")
            if number == len(steps) - 1:
                st.markdown(f"**{label}**", width="content")
            else:
                st.button(f":primary[{label}]", on_click=back, key=f"{key}.{number}", type="tertiary")


def _to_table(block: str, layer: str) -> None:
    TAB.set("table")
    BLOCK.set(block)
    LAYER.set(layer)
    SEARCH.set("")


def to_tab(tab: str) -> Callable[[], None]:
    """What a button does that opens another tab at the same layer."""
    return lambda: TAB.set(tab)


def _stay() -> None:
    """The last step is no button."""
