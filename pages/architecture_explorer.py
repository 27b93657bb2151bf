"""Architecture explorer: a network taken apart, down to the parameters of one layer."""

from __future__ import annotations

from pages.ui.architecture_explorer.catalog import network_summary
from pages.ui.architecture_explorer.code import explored_network_code, trained_network_code
from pages.ui.architecture_explorer.controls import network_controls
from pages.ui.architecture_explorer.facts import network_facts, run_facts
from pages.ui.architecture_explorer.moved import what_moved
from pages.ui.architecture_explorer.state import KEYS, LAYER, NETWORK, TAB, ExplorerLink
from pages.ui.architecture_explorer.subject import open_base_in_use, open_what_was_handed_over, trained_run
from pages.ui.architecture_explorer.table import totals
from pages.ui.architecture_explorer.tabs import draw_tab, tab_titles
from pages.ui.common.code import code_panel
from pages.ui.common.controls import choose_one
from pages.ui.common.i18n import _
from pages.ui.common.messages import check_yourself, lecture_says, notice, page_head
from pages.ui.common.url import forget_unknown, read_url, write_url
from tlcore.architectures import get_architecture

page_head(
    _("Architecture explorer"),
    _("See of what layers a network is made, what goes in and out of each, and where its parameters sit."),
    ("base", "last block"),
)
open_base_in_use()
open_what_was_handed_over()
read_url("architecture_explorer", ExplorerLink, KEYS)
network_controls()
run = trained_run()
if run is None:
    network_facts(get_architecture(NETWORK.get()))
else:
    run_facts(run.run)

summary = network_summary()
if summary is not None:
    totals(summary)
    what_moved(summary)
    forget_unknown("layer", LAYER, [layer.name for layer in summary.layers])
    tab = choose_one(_("What to look at"), tab_titles(), TAB, label_visibility="collapsed")
    draw_tab(tab, summary)

lecture_says(
    _("it is important to know the networks that exist, to gain intuition and to transfer what they have learned.")
)
notice(
    _(
        "The parameters of a convolution do not depend on the image size; those of a dense layer do. That is why the "
        "convolutional part can be reused with other sizes and the dense part cannot."
    )
)
check_yourself(
    _("How many parameters has a convolution with 3 × 3 windows that reads 512 channels and gives 512?"),
    _("(3·3·512 + 1)·512 = 2,359,808: one kernel of 3·3·512 weights and one bias for each of the 512 filters."),
    key="architecture_explorer",
)
if run is None:
    code_panel(explored_network_code())
elif summary is not None:
    code_panel(trained_network_code(run.run, summary.input_shape[:2]))
write_url("architecture_explorer", KEYS)
