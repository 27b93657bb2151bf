"""What the explorer shows: a network of the registry, or one that was trained in this browser."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.ui.i18n import _
from pages.ui.owner import owner
from pages.ui.prediction import TRAINED
from pages.ui.state import EXPLORER_BLOCK, EXPLORER_INCLUDE_TOP, EXPLORER_LAYER, EXPLORER_NETWORK, EXPLORER_TAB
from tlcore.architectures import get_architecture
from tlcore.errors import TransferLearningError
from tlcore.store import OwnerStore
from tlcore.store.owner_store import StoredItem


def is_trained(network: str) -> bool:
    """Whether this is a network that was trained here, by the value of the network control."""
    return network.startswith(TRAINED)


def run_id_of(network: str) -> str:
    return network.removeprefix(TRAINED)


def trained_networks() -> dict[str, StoredItem]:
    """Runs of this browser by the value of the network control, the newest first."""
    return {f"{TRAINED}{item.item_id}": item for item in OwnerStore(owner()).items("runs")}


def trained_run() -> StoredItem | None:
    """The run that the explorer shows; None where it shows a network of the registry."""
    network = EXPLORER_NETWORK.get()
    if not is_trained(network):
        return None
    try:
        return OwnerStore(owner()).item("runs", run_id_of(network))
    except TransferLearningError:  # deleted since the control was drawn
        return None


def network_title(network: str, runs: dict[str, StoredItem]) -> str:
    """Words for the network control."""
    if network in runs:
        return _("trained here: {name}").format(name=runs[network].name)
    spec = get_architecture(network)
    title = _(spec.title)
    return title if str(spec.year) in title else f"{title} ({spec.year})"


def drift_of(run: StoredItem | None, layer: str) -> float | None:
    """How far training moved a layer; None for a layer without weights or a network of the registry."""
    drifts: dict[str, Any] = run.details.get("weight_drift", {}) if run else {}
    return drifts.get(layer)


def open_in_explorer(run_id: str, *, key: str) -> None:
    """A button that opens a trained network in the explorer: its layers, weights and activations."""
    if st.button(_("Open it in the explorer"), key=f"{key}.explore", icon=":material/account_tree:"):
        EXPLORER_NETWORK.set(f"{TRAINED}{run_id}")
        EXPLORER_INCLUDE_TOP.set(True)
        for chosen in (EXPLORER_LAYER, EXPLORER_BLOCK):
            chosen.set("")
        EXPLORER_TAB.set("table")
        st.switch_page("pages/architecture_explorer.py")
