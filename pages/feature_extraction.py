"""Feature extraction: run the base once over every image, then train the lecture's dense head on what it saw."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.code import code_panel
from pages.ui.common.controls import base_control
from pages.ui.common.dataset_line import dataset_line
from pages.ui.common.i18n import _
from pages.ui.common.keras_code import spec_code
from pages.ui.common.messages import check_yourself, notice, page_head, status_line
from pages.ui.common.navigation import link_to
from pages.ui.common.results import result_view
from pages.ui.common.trained import open_in_explorer
from pages.ui.common.url import read_url, write_url
from pages.ui.feature_extraction.controls import head_controls
from pages.ui.feature_extraction.look import look_section
from pages.ui.feature_extraction.settings import FeatureExtractionState
from pages.ui.feature_extraction.state import BASE, KEYS, WEIGHTS, FeatureExtractionLink
from pages.ui.feature_extraction.steps import extract_section, present_stage, train_section

page_head(
    _("Feature extraction"),
    _(
        "The base looks at every image once and describes it with numbers: its features. A small dense network then "
        "learns the new task from these numbers alone, in seconds."
    ),
    _("this solution is fast and computationally simple, because the rna_base is executed only once for each image."),
)
read_url("feature_extraction", FeatureExtractionLink, KEYS)

status_place = st.empty()
st.header(_("1. Base and images"), anchor=False)
base_control(BASE, WEIGHTS)
data = dataset_line()
state = FeatureExtractionState.of_widgets(data)

st.header(_("2. Extract the features"), anchor=False)
features = extract_section(state)

st.header(_("3. Train the dense head"), anchor=False)
head_controls()
trained = train_section(features)

with status_place.container():
    status_line(present_stage(state), stale=trained is not None and state.is_stale(trained))

if trained is not None:
    st.header(_("4. The result on images that were never used"), anchor=False)
    result_view(trained, key="feature_extraction")
    link_to("live_prediction", "**" + _("Go on: try it on a photo") + "**")
    open_in_explorer(trained.run_id, key="feature_extraction")

st.header(_("What the base sees in these images"), anchor=False)
look_section(state)

notice(
    _(
        "Extraction takes most of the time and happens once. Training the head again, with other settings, takes "
        "almost none: the features are kept."
    )
)
check_yourself(
    _("The base gives (N, 4, 4, 512) for VGG16. Why does the dense layer then have 4·4·512 = 8,192 inputs?"),
    _(
        "A dense layer reads a vector, so the three-dimensional output of the base is laid out in a row: reshape turns "
        "(N, 4, 4, 512) into (N, 8192). Its first layer has (8192 + 1)·256 = 2,097,408 parameters."
    ),
    key="feature_extraction",
)
code_panel(spec_code(state.spec, data))
write_url("feature_extraction", KEYS)
