"""The router: page configuration, navigation, run."""

from __future__ import annotations

import streamlit as st

from pages.ui.i18n import _, choose_language, language_switch
from pages.ui.navigation import lesson_pages
from pages.ui.owner import remember_owner

st.set_page_config(page_title="tlcore", page_icon=":material/hub:", layout="wide")
choose_language()
page = st.navigation(lesson_pages())
with st.sidebar:
    language_switch()
    st.caption(_("Theme, light or dark: menu ⋮ at the top right, *Settings*."))
page.run()
remember_owner()
