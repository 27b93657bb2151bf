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
from pages.ui.common.messages import page_head
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

if run is None:
    code_panel(explored_network_code())
elif summary is not None:
    code_panel(trained_network_code(run.run, summary.input_shape[:2]))
write_url("architecture_explorer", KEYS)
