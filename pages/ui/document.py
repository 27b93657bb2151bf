"""What Streamlit decides about the whole document and has no setting for: the grey of captions, the language."""

from __future__ import annotations

import streamlit as st

from pages.ui.i18n import language
from pages.ui.palette import colour

# Streamlit fades captions and quotations to 60 %, links and badges in them too: a contrast of 2.8 to 4.0, where
# readers of small print need 4.5 (WCAG 1.4.3).
_UNFADED = """
[data-testid="stCaptionContainer"], blockquote {{ opacity: 1 !important }}
[data-testid="stCaptionContainer"] {{ color: {muted} }}
"""


def readable_small_print() -> None:
    """Gives captions and quotations full contrast; call before anything is drawn."""
    st.html(f"<style>{_UNFADED.format(muted=colour('muted'))}</style>")


def declare_language() -> None:
    """Tells the browser which language is written, so that screen readers say Portuguese in Portuguese."""
    script = f"document.documentElement.lang = '{language()}';"
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)
