"""The Code panel: what the widgets now say, as Keras code in the lecture's own terms."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.i18n import _, language
from tlcore.lesson_code import in_language


@st.fragment
def code_panel(code: str, *, name: str = "page", title: str | None = None) -> None:
    """Shows `code`, which `tlcore.lesson_code` wrote, with the names and comments of the language in use.

    It changes with the widgets. A closed panel holds no code: what colours code is the largest file of all that a
    browser would fetch for a page (1.6 MB, a second of an old laptop's time), and most people never open the panel.

    Args:
        code: As its writer wrote it, in English.
        name: The panel's own, where a page has more than one.
        title: What its lid says, where a page has more than one; in the language in use.
    """
    label = ":material/code: " + (title or _("Code"))
    with st.expander(label, key=f"code.{name}", on_change="rerun") as panel:
        st.caption(
            _("Keras code of exactly what the controls say now, in the lecture's terms. It runs outside this lab.")
        )
        if panel.open:
            st.code(in_language(code, language(), _), language="python", line_numbers=False, wrap_lines=True)
