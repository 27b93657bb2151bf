"""Home: what this is, the path through the lesson, which base weights are here, how the engine is."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.code import code_panel
from pages.ui.common.i18n import _
from pages.ui.common.messages import lecture_says, page_head
from pages.ui.common.navigation import STOPS, link_to
from pages.ui.common.network_figure import ALL
from pages.ui.home.first import first_thing
from pages.ui.home.guided import lesson_button, measured, steps_of
from pages.ui.home.status import engine_status
from pages.ui.home.teach import teach_card
from pages.ui.home.weights import model_card_panels, weights_table
from tlcore.lesson_code import lecture_code

page_head(
    _("A laboratory for transfer learning"),
    _("Teach a network a new task with a few dozen photographs: it starts from what another has already learned."),
    ALL,
)
first_thing(lesson_button, teach_card)
measured()
lecture_says(
    _(
        "if the dataset is small, the common and highly effective way is to start from a convolutional network that "
        "has already been trained."
    )
)

st.header(_("The path through the lesson"), anchor=False)
for first in range(1, len(STOPS), 2):
    for column, number in zip(st.columns(2), range(first, len(STOPS)), strict=False):
        with column.container(border=True, height="stretch"):
            link_to(STOPS[number].url_path, f"**{number}. {_(STOPS[number].title)}**")
            st.markdown(_(STOPS[number].summary))
            steps_of(STOPS[number].url_path)

left, right = st.columns(2, gap="large")
with left:
    st.header(_("Which base weights are here"), anchor=False)
    weights_table()
    model_card_panels()
with right:
    st.header(_("The engine"), anchor=False)
    engine_status()
    st.caption(_("Every result is measured by a real network; a number from elsewhere says where it comes from."))
code_panel(lecture_code())
