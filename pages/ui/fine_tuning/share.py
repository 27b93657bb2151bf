"""The link to give to others."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from pages.ui.common.i18n import _
from pages.ui.common.url import url_values
from pages.ui.fine_tuning.state import KEYS


@st.fragment
def share_links() -> None:
    """Addresses to copy: the settings as they are, and the same without the controls; drawn when they are asked for."""
    label = ":material/link: " + _("Share these settings")
    with st.expander(label, key="fine_tuning.share", on_change="rerun") as links:
        if not links.open:
            return
        st.caption(_("Who opens this address finds the same settings. Your images and runs are not in it."))
        st.code(_address(controls=True), language=None, wrap_lines=True)
        st.caption(_("For a class: the same, with the settings hidden."))
        st.code(_address(controls=False), language=None, wrap_lines=True)


def _address(*, controls: bool) -> str:
    values = {name: value for name, value in url_values(KEYS).items() if name != "controls"}
    if not controls:
        values["controls"] = "0"
    page = str(st.context.url or "").partition("?")[0]
    return f"{page}?{urlencode(values)}" if values else page
