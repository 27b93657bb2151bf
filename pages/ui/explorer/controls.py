"""Which network, at which size, with or without its dense layers."""

from __future__ import annotations

import streamlit as st

from pages.ui.i18n import _, number, percent
from pages.ui.messages import tag
from pages.ui.state import (
    EXPLORER_BLOCK,
    EXPLORER_INCLUDE_TOP,
    EXPLORER_LAYER,
    EXPLORER_NETWORK,
    EXPLORER_SIZE,
    EXPLORER_SIZED_FOR,
)
from tlcore.architectures import ArchitectureSpec, PublishedFigures, get_architecture, list_architectures


def network_controls() -> None:
    """The three arguments of the lecture, where they act."""
    first, second, third = st.columns([4, 3, 3], vertical_alignment="bottom")
    names = list_architectures()
    own_size_of_new_network()
    first.selectbox(
        _("Network"),
        names,
        format_func=lambda name: f"{get_architecture(name).title} ({get_architecture(name).year})",
        key=EXPLORER_NETWORK.widget(names),
        persist_state="session",
        on_change=_reset_layer,
    )
    second.number_input(
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
    third.toggle(
        _("Dense layers (include_top)"),
        key=EXPLORER_INCLUDE_TOP.widget(),
        persist_state="session",
        help=_("The dense layers at the end are the classifier of the original task. Transfer takes them off."),
    )


def own_size_of_new_network() -> None:
    """A network that was just chosen comes at its own size, unless the link asked for another."""
    name = EXPLORER_NETWORK.get()
    if EXPLORER_SIZE.get() == 0 or EXPLORER_SIZED_FOR.get() not in ("", name):
        EXPLORER_SIZE.set(get_architecture(name).default_input_shape[0])
    EXPLORER_SIZED_FOR.set(name)


def _reset_layer() -> None:
    EXPLORER_LAYER.set("")
    EXPLORER_BLOCK.set("")


def network_facts(spec: ArchitectureSpec) -> None:
    """Year, paper, teaching note, published figures beside."""
    st.markdown(_(spec.note))
    height, width, channels = spec.default_input_shape
    facts = [
        f"{spec.year}",
        f"[{spec.paper}]({spec.paper_url})" if spec.paper_url else spec.paper,
        _("its own size: {height} × {width} × {channels}").format(height=height, width=width, channels=channels),
    ]
    published = spec.published
    if published is not None:
        facts.append(_published(published))
    st.caption(" · ".join(fact for fact in facts if fact))


def _published(published: PublishedFigures) -> str:
    sources = {"lecture": _("lecture's table"), "keras.io": "keras.io", "paper": _("paper")}
    parts = []
    if (parameters := published.parameters) is not None:
        parts.append(_("{count} parameters").format(count=number(parameters)))
    if (top5 := published.top5) is not None:
        parts.append(_("top-5 accuracy {share}").format(share=percent(top5)))
    if (size := published.size_mb) is not None:
        parts.append(f"{number(size)} MB")
    if (depth := published.depth) is not None:
        parts.append(_("depth {depth}").format(depth=depth))
    return tag("published", sources[published.source]) + " " + ", ".join(parts)
