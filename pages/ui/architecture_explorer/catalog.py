"""The table of the network that the controls ask for: from the shipped catalog at once, else from the engine."""

from __future__ import annotations

import streamlit as st

from pages.ui.architecture_explorer.state import (
    CHANNELS,
    CLASSES,
    INCLUDE_TOP,
    NETWORK,
    POOLING,
    SIZE,
    SUMMARY_ASKED,
    SUMMARY_JOB,
)
from pages.ui.common.i18n import _
from pages.ui.common.jobs import answer_to
from pages.ui.common.messages import show_error
from pages.ui.common.trained import is_trained, run_id_of
from tlcore.architectures import ArchitectureSummary, get_architecture
from tlcore.architectures.build import check_input_shape, check_num_classes, check_pooling
from tlcore.architectures.catalog import catalogued
from tlcore.engine.tasks.references import NetworkReference
from tlcore.errors import TransferLearningError

MOST_KEPT = 100
WAITED_S = 2.5  # most networks are built by then; what takes longer gets a progress line and a button to stop it


def network_summary() -> ArchitectureSummary | None:
    """The table; None while it is being made or where the network cannot be (the page then says why)."""
    network = chosen_network()
    try:
        _check(network)
    except TransferLearningError as error:
        show_error(error)
        return None
    return summary_for(network)


def _check(network: NetworkReference) -> None:
    """Says what the network cannot take, before it is built."""
    if network.base is None:
        return
    check_input_shape(get_architecture(network.base), network.arguments["input_shape"])
    check_num_classes(get_architecture(network.base), network.num_classes)
    check_pooling(network.pooling)


def chosen_network() -> NetworkReference:
    """The network that the controls ask for."""
    name = NETWORK.get()
    if is_trained(name):
        return NetworkReference(run_id=run_id_of(name))
    return base_reference(
        name,
        SIZE.get(),
        INCLUDE_TOP.get(),
        channels=CHANNELS.get(),
        num_classes=CLASSES.get(),
        pooling=POOLING.get(),
    )


def base_reference(
    name: str,
    size: int,
    include_top: bool,
    *,
    channels: int = 0,
    num_classes: int | None = None,
    pooling: str = "none",
) -> NetworkReference:
    """A network of the registry; classes belong to a top, pooling to a network without one."""
    return NetworkReference.model_validate(
        {
            "base": name,
            "input_shape": (size, size, channels or get_architecture(name).default_input_shape[2]),
            "include_top": include_top,
            "num_classes": num_classes if include_top else None,
            "pooling": None if include_top or pooling == "none" else pooling,
        }
    )


def summary_for(network: NetworkReference) -> ArchitectureSummary | None:
    """From the catalog, from what was made before, or by a job."""
    known = _made_before().get(network)
    if known is None and network.base is not None:
        known = catalogued(network.base, **network.arguments)
    if known is not None:
        return known
    waiting = st.empty()
    with waiting.container():
        if network.is_trained:
            st.caption(_("The engine is opening the network that was trained."))
        else:
            st.caption(_("This size is not in the shipped catalog; the engine is building the network to measure it."))
        result: ArchitectureSummary | None = answer_to(
            SUMMARY_JOB, SUMMARY_ASKED, "describe", {"network": network}, wait_s=WAITED_S
        )
    if result is None:
        return None
    waiting.empty()
    made = _made_before()
    made[network] = result
    if len(made) > MOST_KEPT:
        made.pop(next(iter(made)))
    return result


@st.cache_resource(show_spinner=False)
def _made_before() -> dict[NetworkReference, ArchitectureSummary]:
    """Tables that some session has asked for; they are facts, so all sessions may read them."""
    return {}
