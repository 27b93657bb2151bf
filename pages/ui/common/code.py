"""The Code panel: what the widgets now say, as Keras code in the lecture's own terms."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.i18n import _, language
from tlcore.lesson_code import in_language


def code_panel(code: str, *, expanded: bool = False, title: str | None = None) -> None:
    """Shows `code`, which `tlcore.lesson_code` wrote, with the names and comments of the language in use.

    It changes with the widgets. `title` where a page has more than one panel.
    """
    with st.expander(":material/code: " + (title or _("Code")), expanded=expanded):
        st.caption(
            _("Keras code of exactly what the controls say now, in the lecture's terms. It runs outside this lab.")
        )
        st.code(in_language(code, language(), _), language="python", line_numbers=False, wrap_lines=True)
