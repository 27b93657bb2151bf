"""The settings of the head that learns on the features."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.bounds import bounds
from pages.ui.common.controls import DROPOUTS, RATES, base_control, choose_number, setting_input
from pages.ui.common.i18n import _, number
from pages.ui.feature_extraction.state import BASE, DROPOUT, EPOCHS, RATE, SEED, UNITS, WEIGHTS
from tlcore.architectures import get_architecture

_SLIDER_EPOCHS = 200  # as far as the slider goes by itself; a link may ask for more


def settings_panel() -> None:
    """Base and head, folded away: what is chosen to begin with is what works."""
    title = _("Settings: {base}, {epochs} epochs").format(
        base=_(get_architecture(BASE.get()).title), epochs=number(EPOCHS.get())
    )
    with st.expander(title, icon=":material/tune:", key="feature_extraction-settings"):
        base_control(BASE, WEIGHTS)
        head_controls()


def head_controls() -> None:
    """The lecture's head: dense layer, dropout, classifier; its values are the defaults."""
    first, second = st.columns(2)
    least, _most = bounds("epochs")
    first.slider(_("Epochs"), least, max(_SLIDER_EPOCHS, EPOCHS.get()), key=EPOCHS.widget(), persist_state="session")
    setting_input(
        _("Seed"),
        "seed",
        SEED,
        container=second,
        help=_("The same seed starts the head with the same random parameters."),
    )
    columns = st.columns(3)
    setting_input(_("Units of the dense layer"), "head", UNITS, container=columns[0])
    choose_number(columns[1], _("Dropout"), DROPOUTS, DROPOUT)
    choose_number(columns[2], _("Learning rate"), RATES, RATE)
