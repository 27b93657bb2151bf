"""Home: what this is, the path through the lesson, which base weights are here, how the engine is."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.code import code_panel
from pages.ui.common.i18n import _
from pages.ui.common.messages import check_yourself, lecture_says, notice, page_head
from pages.ui.common.navigation import STOPS, link_to
from pages.ui.common.network_figure import ALL
from pages.ui.home.first import first_thing
from pages.ui.home.status import engine_status
from pages.ui.home.weights import model_card_panels, weights_table
from tlcore.lesson_code import lecture_code

page_head(
    _("A laboratory for transfer learning"),
    _("Teach a network a new task with a few dozen photographs: it starts from what another has already learned."),
    ALL,
)
first_thing()

st.header(_("The path through the lesson"), anchor=False)
for first in range(1, len(STOPS), 2):
    for column, number in zip(st.columns(2), range(first, len(STOPS)), strict=False):
        with column.container(border=True, height="stretch"):
            link_to(STOPS[number].url_path, f"**{number}. {_(STOPS[number].title)}**")
            st.markdown(_(STOPS[number].summary))

lecture_says(
    _(
        "if the dataset is small, the common and highly effective way is to start from a convolutional network that "
        "has already been trained."
    )
)
notice(
    _(
        "Every result is measured by a real network; a number that was not measured on this machine says where it "
        "comes from. Up to step 3 the base itself is never trained: it is run once over each image, and only a small "
        "dense network learns, in seconds. In step 4 you unfreeze the last layers of the base and compare."
    )
)

left, right = st.columns(2, gap="large")
with left:
    st.header(_("Which base weights are here"), anchor=False)
    weights_table()
    model_card_panels()
with right:
    st.header(_("The engine"), anchor=False)
    engine_status()

check_yourself(
    _("Why does the lesson throw the dense layers of the trained network away and keep only its convolutional part?"),
    _(
        "The dense layers were trained for the old task (1,000 ImageNet classes) and for one image size. The "
        "convolutional layers detect features that are useful for any image: edges, colours, textures, then parts of "
        "objects."
    ),
    key="home",
)
code_panel(lecture_code())
