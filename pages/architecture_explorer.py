"""Architecture explorer: a network taken apart, down to the parameters of one layer."""

from __future__ import annotations

import streamlit as st

from pages.ui.code import code_panel
from pages.ui.explorer.catalog import network_summary
from pages.ui.explorer.controls import network_controls
from pages.ui.explorer.facts import network_facts, run_facts
from pages.ui.explorer.moved import what_moved
from pages.ui.explorer.subject import trained_run
from pages.ui.explorer.table import totals
from pages.ui.explorer.tabs import TABS, draw_tab, tab_title
from pages.ui.i18n import _
from pages.ui.keras_code import network_code, trained_network_code
from pages.ui.links import ExplorerLink
from pages.ui.messages import check_yourself, notice, page_head
from pages.ui.state import (
    EXPLORER_CHANNELS,
    EXPLORER_CLASSES,
    EXPLORER_INCLUDE_TOP,
    EXPLORER_LAYER,
    EXPLORER_NETWORK,
    EXPLORER_POOLING,
    EXPLORER_SECOND,
    EXPLORER_SIZE,
    EXPLORER_TAB,
)
from pages.ui.url import forget_unknown, read_url, write_url
from tlcore.architectures import get_architecture

KEYS = {
    "network": EXPLORER_NETWORK,
    "size": EXPLORER_SIZE,
    "top": EXPLORER_INCLUDE_TOP,
    "classes": EXPLORER_CLASSES,
    "pooling": EXPLORER_POOLING,
    "channels": EXPLORER_CHANNELS,
    "layer": EXPLORER_LAYER,
    "tab": EXPLORER_TAB,
    "second": EXPLORER_SECOND,
}

page_head(
    _("Architecture explorer"),
    _(
        "Open a network and see of what layers it is made, what goes in and out of each, and where its millions of "
        "parameters sit. Change the size of the images or take the dense layers off, and watch which numbers move."
    ),
    _("it is important to know the networks that exist, to gain intuition and to transfer what they have learned."),
)
read_url("explorer", ExplorerLink, KEYS)
network_controls()
run = trained_run()
if run is None:
    network_facts(get_architecture(EXPLORER_NETWORK.get()))
else:
    run_facts(run)

summary = network_summary()
if summary is not None:
    totals(summary)
    what_moved(summary)
    forget_unknown("layer", EXPLORER_LAYER, [layer.name for layer in summary.layers])
    tab = st.segmented_control(
        _("What to look at"),
        TABS,
        format_func=tab_title,
        key=EXPLORER_TAB.widget(TABS),
        required=True,
        persist_state="session",
        label_visibility="collapsed",
    )
    draw_tab(tab or TABS[0], summary)

notice(
    _(
        "The parameters of a convolution do not depend on the image size; those of a dense layer do. That is why the "
        "convolutional part can be reused with other sizes and the dense part cannot."
    )
)
check_yourself(
    _("How many parameters has a convolution with 3 × 3 windows that reads 512 channels and gives 512?"),
    _("(3·3·512 + 1)·512 = 2,359,808: one kernel of 3·3·512 weights and one bias for each of the 512 filters."),
    key="explorer",
)
if run is None:
    code_panel(network_code())
elif summary is not None:
    code_panel(trained_network_code(run.details, summary.input_shape[:2]))
write_url("explorer", KEYS)
