"""Networks that were trained in this browser: their names in controls and links, and the ways on to other pages."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.i18n import _
from pages.ui.common.owner import owner
from pages.ui.common.state import APP_NETWORK_TO_OPEN
from tlcore.engine.tasks.trained_run import KeptRun, kept_runs
from tlcore.store import OwnerStore

TRAINED = "run:"


def is_trained(network: str) -> bool:
    """Whether this is a network that was trained here, by the value of a control."""
    return network.startswith(TRAINED)


def run_id_of(network: str) -> str:
    return network.removeprefix(TRAINED)


def trained_networks() -> dict[str, KeptRun]:
    """Runs of this browser by the value of a control, the newest first."""
    return {f"{TRAINED}{run.run_id}": run for run in kept_runs(OwnerStore(owner()))}


def open_in_explorer(run_id: str, *, key: str) -> None:
    """A button that opens a trained network in the explorer: its layers, weights and activations."""
    if st.button(_("Open it in the explorer"), key=f"{key}.explore", icon=":material/account_tree:"):
        _open(run_id, "pages/architecture_explorer.py")


def predict_with(run_id: str, *, key: str) -> None:
    """A button that opens the page of the predictions with a trained network chosen."""
    if st.button(_("Predict with it"), key=f"{key}.predict", icon=":material/photo_camera:"):
        _open(run_id, "pages/live_prediction.py")


def _open(run_id: str, page: str) -> None:
    APP_NETWORK_TO_OPEN.set(f"{TRAINED}{run_id}")
    st.switch_page(page)


def network_to_open() -> str | None:
    """The trained network with which another page has just opened this one; said once."""
    network = APP_NETWORK_TO_OPEN.get()
    APP_NETWORK_TO_OPEN.set(None)
    return network
