"""Which network, at which size, with or without its dense layers, for which classes."""

from __future__ import annotations

import streamlit as st

from pages.ui.architecture_explorer.state import (
    BLOCK,
    CHANNELS,
    CLASSES,
    INCLUDE_TOP,
    LAYER,
    NETWORK,
    POOLING,
    SIZE,
    SIZED_FOR,
    TAB,
)
from pages.ui.architecture_explorer.subject import network_title
from pages.ui.common.controls import choose_one, select_one
from pages.ui.common.i18n import _, number
from pages.ui.common.trained import is_trained, trained_networks
from tlcore.architectures import ArchitectureSpec, get_architecture, list_architectures
from tlcore.architectures.build import MOST_CLASSES
from tlcore.datasets.registry import LARGEST_SIDE, SMALLEST_SIDE


def network_controls() -> None:
    """Which network; for one of the registry, the lecture's arguments, where they act."""
    runs = trained_networks()
    titles = {name: network_title(name, runs) for name in (*list_architectures(), *runs)}
    if is_trained(NETWORK.get()) and NETWORK.get() not in runs:
        st.warning(
            _(
                "The trained network of this link is not here: runs stay in the browser that trained them, and are "
                "deleted when unused for a day."
            ),
            icon=":material/link_off:",
        )
        NETWORK.set(NETWORK.default)
    own_settings_of_new_network()
    trained = is_trained(NETWORK.get())
    columns = st.columns([1] if trained else [31, 32, 37], vertical_alignment="bottom")
    select_one(_("Network"), titles, NETWORK, container=columns[0], on_change=_reset_layer)
    if trained:
        return
    columns[1].number_input(
        _("Side of the image (input_shape)"),
        min_value=SMALLEST_SIDE,
        max_value=LARGEST_SIDE,
        step=1,
        key=SIZE.widget(),
        persist_state="session",
        help=_(
            "The lecture's images are 150 × 150. With the dense layers on, their parameters change with the size: "
            "trained ones would no longer fit."
        ),
    )
    columns[2].toggle(
        _("Dense layers (include_top)"),
        key=INCLUDE_TOP.widget(),
        persist_state="session",
        help=_("The dense layers at the end are the classifier of the original task. Transfer takes them off."),
    )
    _end_and_start(get_architecture(NETWORK.get()))


def _end_and_start(spec: ArchitectureSpec) -> None:
    """What stands at the end of the network (classes or a pooling), and what comes in at its start (channels)."""
    first, second = st.columns(2)
    if INCLUDE_TOP.get():
        first.number_input(
            _("Classes (classes)"),
            min_value=1,
            max_value=MOST_CLASSES,
            step=1,
            placeholder=_("{count}, its own").format(count=number(spec.num_classes)),
            key=CLASSES.widget(),
            persist_state="session",
            help=_("Outputs of the last dense layer. Only its parameters change: the rest does not know the classes."),
        )
    else:
        titles = {"none": _("none"), "avg": _("mean"), "max": _("maximum")}
        choose_one(
            _("Pooling at the end (pooling)"),
            titles,
            POOLING,
            container=first,
            help=_(
                "Makes one number of each channel of the last map: (4, 4, 512) becomes (512). It has no parameters."
            ),
        )
    own = spec.default_input_shape[2]
    titles_of_channels = {1: _("1, grey"), 3: _("3, colours")}
    choices = {choice: titles_of_channels[choice or own] for choice in (0, *spec.channels) if choice != own}
    if CHANNELS.get() == own:
        CHANNELS.set(0)
    choose_one(
        _("Channels of the image"),
        choices,
        CHANNELS,
        container=second,
        help=_("Only the first convolution reads them. Weights that were trained on colours do not fit grey images."),
    )


def own_settings_of_new_network() -> None:
    """A network that was just chosen comes at its own size, unless the link asked for another."""
    name = NETWORK.get()
    if is_trained(name):
        return
    if SIZED_FOR.get() not in ("", name):
        CLASSES.set(None)
        CHANNELS.set(0)
        SIZE.set(0)
    if SIZE.get() == 0:
        SIZE.set(get_architecture(name).default_input_shape[0])
    SIZED_FOR.set(name)


def open_network(name: str) -> None:
    """Shows the layers of another network."""
    NETWORK.set(name)
    TAB.set("table")
    _reset_layer()


def _reset_layer() -> None:
    LAYER.set("")
    BLOCK.set("")
