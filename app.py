"""The router: page configuration, navigation, run."""

from __future__ import annotations

import streamlit as st

from pages.ui.document import declare_language, readable_text
from pages.ui.i18n import _, choose_language, language_switch
from pages.ui.messages import built_in_words
from pages.ui.navigation import next_link, route
from pages.ui.owner import remember_owner
from pages.ui.returning import take_up_images, take_up_jobs

st.set_page_config(page_title="tlcore", page_icon=":material/hub:", layout="wide")
choose_language()
take_up_jobs()
take_up_images()
readable_text()
page = route()
with st.sidebar:
    language_switch()
    st.caption(_("Light or dark theme: menu ⋮ at the top right."))
    built_in_words()
page.run()
next_link(page)
declare_language()
remember_owner()
