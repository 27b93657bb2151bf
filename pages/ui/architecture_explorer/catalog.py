"""The table of the network that the controls ask for: from the shipped catalog at once, else from the engine."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.ui.architecture_explorer.state import ASKED, CHANNELS, CLASSES, INCLUDE_TOP, JOB, NETWORK, POOLING, SIZE
from pages.ui.common.i18n import _
from pages.ui.common.jobs import answer_to
from pages.ui.common.messages import show_error
from pages.ui.common.trained import is_trained, run_id_of
from tlcore.architectures import ArchitectureSummary, get_architecture
from tlcore.architectures.build import check_input_shape, check_num_classes, check_pooling
from tlcore.architectures.catalog import catalogued
from tlcore.errors import TransferLearningError

MOST_KEPT = 100
WAITED_S = 2.5  # most networks are built by then; what takes longer gets a progress line and a button to stop it


def network_summary() -> ArchitectureSummary | None:
    """The table; None while it is being made or where the network cannot be (the page then says why)."""
    arguments = wanted()
    try:
        _check(arguments)
    except TransferLearningError as error:
        show_error(error)
        return None
    return summary_for(arguments)


def _check(arguments: dict[str, Any]) -> None:
    """Says what the network cannot take, before it is built."""
    if "run_id" in arguments:
        return
    spec = get_architecture(arguments["name"])
    check_input_shape(spec, arguments["input_shape"])
    check_num_classes(spec, arguments.get("num_classes"))
    check_pooling(arguments.get("pooling"))


def wanted() -> dict[str, Any]:
    """Arguments of the task that makes the table, as the controls say."""
    name = NETWORK.get()
    if is_trained(name):
        return {"run_id": run_id_of(name)}
    return describe_arguments(
        name,
        SIZE.get(),
        INCLUDE_TOP.get(),
        channels=CHANNELS.get(),
        num_classes=CLASSES.get(),
        pooling=POOLING.get(),
    )


def describe_arguments(
    name: str,
    size: int,
    include_top: bool,
    *,
    channels: int = 0,
    num_classes: int | None = None,
    pooling: str = "none",
) -> dict[str, Any]:
    """Arguments of `describe`; classes belong to a top, pooling to a network without one."""
    shape = (size, size, channels or get_architecture(name).default_input_shape[2])
    arguments: dict[str, Any] = {"name": name, "input_shape": shape, "include_top": include_top}
    if include_top and num_classes is not None:
        arguments["num_classes"] = num_classes
    if not include_top and pooling != "none":
        arguments["pooling"] = pooling
    return arguments


def summary_for(arguments: dict[str, Any]) -> ArchitectureSummary | None:
    """From the catalog, from what was made before, or by a job."""
    known = _made_before().get(repr(sorted(arguments.items())))
    if known is None and "run_id" not in arguments:
        known = catalogued(**arguments)
    if known is not None:
        return known
    place = st.empty()
    with place.container():
        if "run_id" in arguments:
            st.caption(_("The engine is opening the network that was trained."))
        else:
            st.caption(_("This size is not in the shipped catalog; the engine is building the network to measure it."))
        task = "describe_run" if "run_id" in arguments else "describe"
        result: ArchitectureSummary | None = answer_to(JOB, ASKED, task, arguments, wait_s=WAITED_S)
    if result is None:
        return None
    place.empty()
    made = _made_before()
    made[repr(sorted(arguments.items()))] = result
    if len(made) > MOST_KEPT:
        made.pop(next(iter(made)))
    return result


@st.cache_resource(show_spinner=False)
def _made_before() -> dict[str, ArchitectureSummary]:
    """Tables that some session has asked for; they are facts, so all sessions may read them."""
    return {}
