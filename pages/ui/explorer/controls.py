"""Which network, at which size, with or without its dense layers, for which classes."""

from __future__ import annotations

import streamlit as st

from pages.ui.explorer.subject import is_trained, network_title, trained_networks
from pages.ui.i18n import _, number
from pages.ui.state import (
    EXPLORER_BLOCK,
    EXPLORER_CHANNELS,
    EXPLORER_CLASSES,
    EXPLORER_INCLUDE_TOP,
    EXPLORER_LAYER,
    EXPLORER_NETWORK,
    EXPLORER_POOLING,
    EXPLORER_SIZE,
    EXPLORER_SIZED_FOR,
    EXPLORER_TAB,
)
from tlcore.architectures import ArchitectureSpec, get_architecture, list_architectures

POOLINGS = ("none", "avg", "max")


def network_controls() -> None:
    """Which network; for one of the registry, the lecture's arguments, where they act."""
    runs = trained_networks()
    titles = {name: network_title(name, runs) for name in (*list_architectures(), *runs)}
    if is_trained(EXPLORER_NETWORK.get()) and EXPLORER_NETWORK.get() not in runs:
        st.warning(
            _(
                "The trained network of this link is not here: runs stay in the browser that trained them, and are "
                "deleted when unused for a day."
            ),
            icon=":material/link_off:",
        )
        EXPLORER_NETWORK.set(EXPLORER_NETWORK.default)
    own_settings_of_new_network()
    trained = is_trained(EXPLORER_NETWORK.get())
    columns = st.columns([1] if trained else [31, 32, 37], vertical_alignment="bottom")
    columns[0].selectbox(
        _("Network"),
        list(titles),
        format_func=titles.__getitem__,
        key=EXPLORER_NETWORK.widget(titles),
        persist_state="session",
        on_change=_reset_layer,
    )
    if trained:
        return
    columns[1].number_input(
        _("Side of the image (input_shape)"),
        min_value=16,
        max_value=1024,
        step=1,
        key=EXPLORER_SIZE.widget(),
        persist_state="session",
        help=_(
            "The lecture's images are 150 × 150. With the dense layers on, their parameters change with the size: "
            "trained ones would no longer fit."
        ),
    )
    columns[2].toggle(
        _("Dense layers (include_top)"),
        key=EXPLORER_INCLUDE_TOP.widget(),
        persist_state="session",
        help=_("The dense layers at the end are the classifier of the original task. Transfer takes them off."),
    )
    _end_and_start(get_architecture(EXPLORER_NETWORK.get()))


def _end_and_start(spec: ArchitectureSpec) -> None:
    """What stands at the end of the network (classes or a pooling), and what comes in at its start (channels)."""
    first, second = st.columns(2)
    if EXPLORER_INCLUDE_TOP.get():
        first.number_input(
            _("Classes (classes)"),
            min_value=1,
            max_value=100_000,
            step=1,
            placeholder=_("{count}, its own").format(count=number(spec.num_classes)),
            key=EXPLORER_CLASSES.widget(),
            persist_state="session",
            help=_("Outputs of the last dense layer. Only its parameters change: the rest does not know the classes."),
        )
    else:
        titles = {"none": _("none"), "avg": _("mean"), "max": _("maximum")}
        first.segmented_control(
            _("Pooling at the end (pooling)"),
            POOLINGS,
            format_func=titles.__getitem__,
            key=EXPLORER_POOLING.widget(POOLINGS),
            required=True,
            persist_state="session",
            help=_(
                "Makes one number of each channel of the last map: (4, 4, 512) becomes (512). It has no parameters."
            ),
        )
    own = spec.default_input_shape[2]
    titles_of_channels = {1: _("1, grey"), 3: _("3, colours")}
    choices = [0, *(channels for channels in spec.channels if channels != own)]
    if EXPLORER_CHANNELS.get() == own:
        EXPLORER_CHANNELS.set(0)
    second.segmented_control(
        _("Channels of the image"),
        choices,
        format_func=lambda channels: titles_of_channels.get(channels or own, str(channels or own)),
        key=EXPLORER_CHANNELS.widget(choices),
        required=True,
        persist_state="session",
        help=_("Only the first convolution reads them. Weights that were trained on colours do not fit grey images."),
    )


def own_settings_of_new_network() -> None:
    """A network that was just chosen comes at its own size, unless the link asked for another."""
    name = EXPLORER_NETWORK.get()
    if is_trained(name):
        return
    if EXPLORER_SIZED_FOR.get() not in ("", name):
        EXPLORER_CLASSES.set(None)
        EXPLORER_CHANNELS.set(0)
        EXPLORER_SIZE.set(0)
    if EXPLORER_SIZE.get() == 0:
        EXPLORER_SIZE.set(get_architecture(name).default_input_shape[0])
    EXPLORER_SIZED_FOR.set(name)


def open_network(name: str) -> None:
    """Shows the layers of another network."""
    EXPLORER_NETWORK.set(name)
    EXPLORER_TAB.set("table")
    _reset_layer()


def _reset_layer() -> None:
    EXPLORER_LAYER.set("")
    EXPLORER_BLOCK.set("")
