"""Networks that were trained in this browser: their names in controls and links, and the ways on to other pages."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from pages.ui.common.i18n import _, babel_locale, percent
from pages.ui.common.navigation import ask_for_page, leads_to
from pages.ui.common.owner import owner
from pages.ui.common.state import APP_NETWORK_TO_OPEN
from tlcore.engine.tasks.trained_run import KeptRun, TrainedRun, kept_runs
from tlcore.store import OwnerStore

TRAINED = "run:"
RUN = rf"{TRAINED}[0-9a-f]{{32}}"  # what such a value looks like


def is_trained(network: str) -> bool:
    """Whether this is a network that was trained here, by the value of a control."""
    return network.startswith(TRAINED)


def run_id_of(network: str) -> str:
    return network.removeprefix(TRAINED)


def trained_networks() -> dict[str, KeptRun]:
    """Runs of this browser by the value of a control, the newest first."""
    return {f"{TRAINED}{run.run_id}": run for run in kept_runs(OwnerStore(owner()))}


def last_run(method: str) -> TrainedRun | None:
    """The newest run of this browser by a method of training; None if it keeps none."""
    runs = (kept.run for kept in kept_runs(OwnerStore(owner())))
    return next((run for run in runs if run.spec.method == method), None)


def run_label(run: KeptRun) -> str:
    """A run in a list: number, name, when, and how good; no two have the same."""
    from babel.dates import format_datetime

    when = format_datetime(datetime.fromtimestamp(run.created_s), "short", locale=babel_locale())
    return _("{title} · {when} · {accuracy} right").format(
        title=run.title, when=when, accuracy=percent(run.run.test_metrics.accuracy)
    )


def open_in_explorer(run_id: str, *, key: str) -> None:
    """A button that opens a trained network in the explorer: its layers, weights and activations."""
    _button(_("Open it in the explorer"), ":material/account_tree:", f"{key}.explore", run_id, "architecture_explorer")


def predict_with(run_id: str, *, key: str) -> None:
    """A button that opens the page of the predictions with a trained network chosen."""
    _button(_("Predict with it"), ":material/photo_camera:", f"{key}.predict", run_id, "live_prediction")


def _button(label: str, icon: str, key: str, run_id: str, page: str) -> None:
    leads_to(page)
    st.button(label, key=key, icon=icon, on_click=_ask_for, args=(run_id, page))


def _ask_for(run_id: str, page: str) -> None:
    """Callback: remembered, as the run of the page that the press has begun may begin anew before it gets far."""
    APP_NETWORK_TO_OPEN.set(f"{TRAINED}{run_id}")
    ask_for_page(page)


def network_to_open() -> str | None:
    """The trained network with which another page has just opened this one; said once."""
    network = APP_NETWORK_TO_OPEN.get()
    APP_NETWORK_TO_OPEN.set(None)
    return network
