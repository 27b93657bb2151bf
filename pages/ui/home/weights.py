"""Which base weights are here, and the model cards of those that come with the program."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.i18n import _, babel_locale
from pages.ui.common.messages import translate
from tlcore.architectures import get_architecture, list_architectures
from tlcore.weights import available_weights
from tlcore.weights.model_cards import list_model_cards, model_card


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


def model_card_panels() -> None:
    """What each base that comes with the program is, how it was trained, and what it must not be used for."""
    for name in list_model_cards():
        title = _("Model card: {base}").format(base=_(get_architecture(name).title))
        with st.expander(title, icon=":material/description:"):
            st.markdown(model_card(name, babel_locale()))
