"""What the explorer shows: a network of the registry, or one that was trained in this browser."""

from __future__ import annotations

import streamlit as st

from pages.ui.architecture_explorer.state import BLOCK, INCLUDE_TOP, LAYER, NETWORK, OPENED, TAB
from pages.ui.common.i18n import _
from pages.ui.common.owner import owner
from pages.ui.common.state import APP_BASE
from pages.ui.common.trained import is_trained, network_to_open, run_id_of, run_label
from tlcore.architectures import get_architecture
from tlcore.engine.tasks.trained_run import KeptRun, kept_run
from tlcore.errors import TransferLearningError
from tlcore.store import OwnerStore


def open_base_in_use() -> None:
    """At first, where no link says otherwise: the base that the other pages use, as volumes; a layer, in the table."""
    if OPENED.get():
        return
    OPENED.set(True)
    if "network" not in st.query_params:
        NETWORK.set(APP_BASE.get())
    if "layer" in st.query_params and "tab" not in st.query_params:
        TAB.set("table")


def open_what_was_handed_over() -> None:
    """A trained network that another page has just sent here is shown whole, from its first layer."""
    network = network_to_open()
    if network is not None:
        NETWORK.set(network)
        INCLUDE_TOP.set(True)
        for chosen in (LAYER, BLOCK):
            chosen.set("")
        TAB.set("table")


def trained_run() -> KeptRun | None:
    """The run that the explorer shows; None where it shows a network of the registry."""
    network = NETWORK.get()
    if not is_trained(network):
        return None
    try:
        return kept_run(OwnerStore(owner()), run_id_of(network))
    except TransferLearningError:  # deleted since the control was drawn
        return None


def network_title(network: str, runs: dict[str, KeptRun]) -> str:
    """Words for the network control."""
    if network in runs:
        return _("trained here: {name}").format(name=run_label(runs[network]))
    spec = get_architecture(network)
    title = _(spec.title)
    return title if str(spec.year) in title else f"{title} ({spec.year})"


def drift_of(run: KeptRun | None, layer: str) -> float | None:
    """How far training moved a layer; None for a layer without weights or a network of the registry."""
    return run.run.weight_drift.get(layer) if run else None
