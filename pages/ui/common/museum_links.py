"""Ways into the bug museum from where its mistakes are made."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.i18n import _
from tlcore.museum import get_piece


def pieces_about(*names: str) -> None:
    """A line with a link to each of these pieces, by the titles that do not give them away."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(_("In the bug museum:"), width="content")
        for name in names:
            st.page_link(
                "pages/museum.py",
                label=_(get_piece(name).title),
                icon=":material/bug_report:",
                query_params={"piece": name},
            )
