"""The table of the network that the controls ask for: from the shipped catalog at once, else from the engine."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.ui.i18n import _
from pages.ui.jobs import answer_to
from pages.ui.messages import show_error
from pages.ui.state import (
    EXPLORER_ASKED,
    EXPLORER_INCLUDE_TOP,
    EXPLORER_JOB,
    EXPLORER_NETWORK,
    EXPLORER_SIZE,
)
from tlcore.architectures import ArchitectureSummary, get_architecture
from tlcore.architectures.build import check_input_shape
from tlcore.architectures.catalog import catalogued
from tlcore.errors import TransferLearningError

MOST_KEPT = 100


def network_summary() -> ArchitectureSummary | None:
    """The table; None while it is being made or where the size cannot be (the page then says why)."""
    arguments = wanted()
    try:
        check_input_shape(get_architecture(arguments["name"]), arguments["input_shape"])
    except TransferLearningError as error:
        show_error(error)
        return None
    return summary_for(arguments)


def wanted() -> dict[str, Any]:
    """Arguments of `describe` as the controls say."""
    return describe_arguments(EXPLORER_NETWORK.get(), EXPLORER_SIZE.get(), EXPLORER_INCLUDE_TOP.get())


def describe_arguments(name: str, size: int, include_top: bool) -> dict[str, Any]:
    channels = get_architecture(name).default_input_shape[2]
    return {"name": name, "input_shape": (size, size, channels), "include_top": include_top}


def summary_for(arguments: dict[str, Any]) -> ArchitectureSummary | None:
    """From the catalog, from what was made before, or by a job."""
    known = catalogued(**arguments) or _made_before().get(_place(arguments))
    if known is not None:
        return known
    st.caption(_("This size is not in the shipped catalog; the engine is building the network to measure it."))
    result: ArchitectureSummary | None = answer_to(EXPLORER_JOB, EXPLORER_ASKED, "describe", arguments)
    if result is None:
        return None
    made = _made_before()
    made[_place(arguments)] = result
    if len(made) > MOST_KEPT:
        made.pop(next(iter(made)))
    st.rerun()


@st.cache_resource(show_spinner=False)
def _made_before() -> dict[str, ArchitectureSummary]:
    """Tables that some session has asked for; they are facts, so all sessions may read them."""
    return {}


def _place(arguments: dict[str, Any]) -> str:
    return repr(sorted(arguments.items()))
