"""The explorer's tabs: only the chosen one is drawn."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.ui.architecture_explorer.activations import activations_tab
from pages.ui.architecture_explorer.all_networks import all_networks_tab
from pages.ui.architecture_explorer.compare import compare_tab
from pages.ui.architecture_explorer.graph import graph_tab
from pages.ui.architecture_explorer.inspector import find_layer, inspector
from pages.ui.architecture_explorer.receptive import receptive_tab
from pages.ui.architecture_explorer.state import LAYER
from pages.ui.architecture_explorer.table import block_table, layer_table
from pages.ui.architecture_explorer.volume import volume_tab
from pages.ui.architecture_explorer.weights import weights_tab
from pages.ui.common.i18n import _
from pages.ui.common.messages import lecture_says, notice
from tlcore.architectures.summary import ArchitectureSummary
from tlcore.translatable import N_


def table_tab(summary: ArchitectureSummary) -> None:
    """Blocks, layers, and the layer that was clicked."""
    by_keyboard = _("By keyboard: the arrow keys, then Shift and Space.")
    st.caption(_("Blocks: click one to see only its layers."), help=by_keyboard)
    block_table(summary)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.caption(_("Layers: click one to open it."), help=by_keyboard)
        layer_table(summary)
    with right:
        inspector(summary, find_layer(summary, LAYER.get()))
    notice(
        _(
            "The parameters of a convolution do not depend on the image size; those of a dense layer do. So the "
            "convolutional part can be reused with other sizes, and the dense part cannot."
        )
    )


def every_network_tab(summary: ArchitectureSummary) -> None:
    """All of them, and why the lecture wants them known."""
    lecture_says(
        _("it is important to know the networks that exist, to gain intuition and to transfer what they have learned.")
    )
    all_networks_tab(summary)


_TABS: dict[str, tuple[str, Callable[[ArchitectureSummary], None]]] = {
    "table": (N_("Layers"), table_tab),
    "field": (N_("Receptive field"), receptive_tab),
    "weights": (N_("Weights"), weights_tab),
    "activations": (N_("Activations"), activations_tab),
    "graph": (N_("Graph"), graph_tab),
    "volume": (N_("Volumes"), volume_tab),
    "compare": (N_("Compare two"), compare_tab),
    "all": (N_("All networks"), every_network_tab),
}


def tab_titles() -> dict[str, str]:
    """Tab -> what its button says."""
    return {name: _(title) for name, (title, _draw) in _TABS.items()}


def draw_tab(name: str, summary: ArchitectureSummary) -> None:
    _TABS[name][1](summary)
