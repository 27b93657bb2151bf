"""Base weights in words: which are here, and where they come from."""

from __future__ import annotations

import streamlit as st

from pages.ui.i18n import _, babel_locale
from pages.ui.messages import translate
from tlcore.architectures import get_architecture, list_architectures
from tlcore.weights import WeightsSource, available_weights
from tlcore.weights.embedded import model_card


def weights_title(weights: str) -> str:
    titles = {
        "embedded": _("embedded (comes with this program)"),
        "imagenet": _("ImageNet"),
        "random": _("random (control)"),
    }
    return titles.get(weights, weights)


def weights_sources(name: str) -> dict[str, str]:
    """weights= value -> its title, the sensible default first."""
    return {source.weights: weights_title(source.weights) for source in available_weights(name)}


def source_of(name: str, weights: str, *, include_top: bool = False) -> WeightsSource | None:
    sources = available_weights(name, include_top=include_top)
    return next((source for source in sources if source.weights == weights), None)


def can_be_used(name: str, weights: str) -> tuple[bool, str]:
    """Whether these weights are on this machine, and a sentence about where they come from."""
    source = source_of(name, weights)
    if source is None:
        return False, _("This network has no such weights.")
    return source.here, translate(source.description, source.params)


def weights_table() -> None:
    """The networks whose trained weights work here without a network connection."""
    rows = [
        (_(get_architecture(name).title), translate(source.description, source.params))
        for name in list_architectures()
        for source in available_weights(name)
        if source.here and source.weights != "random"
    ]
    if rows:
        # Markdown, not st.dataframe: that loads pandas, half a second and 77 MB, for the first page.
        st.markdown("\n".join(map(_table_row, [(_("base"), _("weights")), ("---", "---"), *rows])))
    st.caption(
        _(
            "Any other network can start from random weights, as a control, or download its ImageNet weights where "
            "there is a connection. A teacher can bring them on a stick: set TLCORE_WEIGHTS_DIR."
        )
    )


def _table_row(cells: tuple[str, str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def model_card_panel() -> None:
    """What the embedded base is, how it was trained, and what it must not be used for."""
    with st.expander(_("Model card of the embedded base"), icon=":material/description:"):
        st.markdown(model_card(babel_locale()))
