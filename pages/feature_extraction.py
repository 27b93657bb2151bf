"""Feature extraction: run the base once over every image, then train the lecture's dense head on what it saw."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.code import code_panel
from pages.ui.common.focus import arrived
from pages.ui.common.i18n import _
from pages.ui.common.keras_code import spec_code
from pages.ui.common.lesson.progress import happened
from pages.ui.common.messages import always_in_sight, old_mark, page_head, show_missing
from pages.ui.common.results import result_view
from pages.ui.common.state import DATASETS_CHOSEN
from pages.ui.common.trained import open_in_explorer, predict_with
from pages.ui.common.url import read_url, write_url
from pages.ui.feature_extraction.controls import settings_panel
from pages.ui.feature_extraction.images import images_section, present_reference
from pages.ui.feature_extraction.look import look_section
from pages.ui.feature_extraction.settings import FeatureExtractionState
from pages.ui.feature_extraction.state import KEYS, FeatureExtractionLink
from pages.ui.feature_extraction.steps import (
    RESULT,
    extracted_section,
    guesses,
    stage_line,
    train_buttons,
    train_on_brought_photos,
    training_section,
    two_steps_again,
)
from pages.ui.feature_extraction.try_it import try_strip

page_head(
    _("Feature extraction"),
    _("A trained base turns each image into numbers; a small dense network learns your task from them, in seconds."),
    ("base", "last block", "head"),
)
read_url("feature_extraction", FeatureExtractionLink, KEYS)
train_on_brought_photos()

images_section()
missing, buttons, stage = st.container(), always_in_sight("feature_extraction"), st.container()
settings_panel()
guesses()
state = FeatureExtractionState.of_widgets(present_reference(), DATASETS_CHOSEN.get())
with missing:
    blocked = show_missing(state.missing())
with buttons:
    train_buttons(state, blocked=blocked)
with stage:
    stage_line(state)
extracted_section(state)
trained = training_section()

if trained is not None:
    happened("extracted", run=trained.run_id)
    with st.container(key=RESULT):
        arrived(RESULT)
        st.header(_("The result on images that were never used"), anchor=False)
        old_mark(stale=state.is_stale(trained))
        result_view(trained, key="feature_extraction")
        try_strip(trained, DATASETS_CHOSEN.get())
    with st.container(horizontal=True):
        predict_with(trained.run_id, key="feature_extraction")
        open_in_explorer(trained.run_id, key="feature_extraction")
    two_steps_again(trained)

st.header(_("What the base sees in these images"), anchor=False)
look_section(state)
code_panel(spec_code(state.spec, state.data))
write_url("feature_extraction", KEYS)
