"""What is said once about the whole document: its icon, contrast of small print, the language."""

from __future__ import annotations

from pathlib import Path
from string import Formatter

import streamlit as st

from pages.ui.common.i18n import language
from pages.ui.common.network_figure import ASPECT_RATIO
from pages.ui.common.palette import colour
from pages.ui.common.pictures import GALLERY_STYLE
from tlcore.settings import get_settings

ICON = Path(__file__).parent / "assets" / "icon.svg"  # one of Streamlit's by name would be asked of a font host

# Streamlit fades captions and quotations to 60 %, links and badges in them too: a contrast of 2.8 to 4.0, where
# readers of small print need 4.5 (WCAG 1.4.3). On the dark theme's buttons it writes white on teal: 3.0,
# and its colours of code reach 2.1 to 4.0.
# Captions follow a theme that the system changes by itself at sunset, which draws no page again.
# Streamlit leaves a hand's breadth free above the title and below the last line, which a phone or a zoomed page lacks.
# Long paths in a table would push a phone's page to the side; a long name, a program whose lines are numbered.
# Whoever has asked the system for less motion is spared what Streamlit moves: spinners, skeletons, popovers.
_READABLE = """
[data-testid="stCaptionContainer"], blockquote {{ opacity: 1 !important }}
[data-testid="stCaptionContainer"] {{ color: color-mix(in srgb, currentColor 75%, transparent) }}
button[kind^="primary"]:enabled {{ color: {on_accent} !important }}
.token.keyword, .token.function, .token.class-name {{ color: {frozen} !important }}
.token.string {{ color: {train} !important }}
.token.number, .token.boolean, .token.builtin {{ color: {dense} !important }}
.token.comment, [data-testid="stCode"] .linenumber {{ color: {muted} !important }}
[data-testid="stCode"] pre:has(.linenumber) code {{ overflow-wrap: anywhere }}
.token.operator, .token.punctuation, .token.decorator {{ color: {text} !important }}
[data-variant="pills"][aria-checked="true"] * {{ color: {text} !important }}
[class*="st-key-"][tabindex="-1"]:focus {{ outline: none }}
[data-testid="stLayoutWrapper"]:has(> [class*="-always-in-sight"]), .st-key-datasets-import {{
  position: sticky; bottom: 0; z-index: 90 }}
[class*="-always-in-sight"], .st-key-datasets-import {{ background: {page}; padding: 0.4rem 0 }}
[data-testid="stMain"] {{ scroll-padding-bottom: 4.5rem }}
.st-key-feature_extraction-own [data-testid="stFileChips"] > div {{ max-height: 5.5rem; overflow-y: auto }}
[class*="st-key-"][class*="-row-"] {{ overflow-x: auto; flex-wrap: nowrap !important }}
[data-testid="stMainBlockContainer"] {{ padding: 3.2rem 3rem 4rem; max-width: 88rem; margin-inline: auto }}
[data-testid="stSkeleton"] {{ min-width: 6rem }}
.st-key-network-figure {{ aspect-ratio: {figure}; max-width: 520px }}
[data-testid="stGraphVizChart"] {{ overflow-x: auto }}
@media (max-height: 500px) {{
  [data-testid="stMainBlockContainer"] {{ padding-top: 2.2rem }}
  h1 {{ font-size: 1.7rem !important }}
}}
@media (max-width: 640px) {{
  [data-testid="stMainBlockContainer"] {{ padding: 3rem 1rem 3rem }}
  h1 {{ font-size: 1.7rem !important }}
  [data-testid="stLayoutWrapper"]:has(> .st-key-feature_extraction-matrix) {{ order: 2 }}
  [data-testid="stLayoutWrapper"]:has(> .st-key-feature_extraction-worth) {{ order: 2 }}
  h2 {{ font-size: 1.25rem !important }}
  [data-testid="stTable"] {{ font-size: 0.85rem }}
  .st-key-architecture_explorer-totals tr {{ display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)) }}
  .st-key-architecture_explorer-totals :is(th, td) {{ padding: 0.2rem 0.1rem !important; border: none; min-width: 0 }}
  .st-key-architecture_explorer-totals :is(th, td) p {{ font-size: 0.78rem }}
  .st-key-architecture_explorer-totals :is(th, td):first-child {{ grid-column: 1 / -1; font-weight: 600 }}
  .st-key-architecture_explorer-totals th p {{ white-space: normal; overflow-wrap: anywhere }}
  .st-key-home-measured :is(th, td) {{ font-size: 0.78rem; padding: 0.25rem 0.3rem }}
  [data-testid="stGraphVizChart"] svg {{ max-width: 42rem !important; height: auto }}
  [data-testid="stMetricValue"] {{ font-size: 1.25rem }}
  [data-testid="stButton"] button {{ height: auto }}
  [data-testid="stButton"] button p {{ white-space: normal !important; text-align: start }}
}}
[data-testid="stMarkdownContainer"] td:not(:first-child) {{ overflow-wrap: anywhere }}
@media (prefers-reduced-motion: reduce) {{
  *, ::before, ::after {{ animation-duration: 1ms !important; animation-iteration-count: 1 !important;
    transition-duration: 1ms !important; scroll-behavior: auto !important }}
}}
"""


def configure_page() -> None:
    """Title, icon and width of every page; call before anything is drawn. Strangers see no traceback."""
    if get_settings().hosted:
        st.set_option("client.showErrorDetails", "none")
    st.set_page_config(page_title="tlcore", page_icon=ICON, layout="wide")


def readable_text() -> None:
    """Gives captions, quotations and buttons full contrast; call before anything is drawn."""
    names = [name for _text, name, _format, _conversion in Formatter().parse(_READABLE) if name]
    values = {name: colour(name) for name in names if name != "figure"}
    rules = _READABLE.format(**values, figure=ASPECT_RATIO) + GALLERY_STYLE
    st.html(f"<style>{rules}</style>")


# What Streamlit opens above a page stands at the end of the document: the Tab key came to it after the whole page.
_INTO_POPOVERS = """
if (!window.tlcorePopovers) {
  let opened = null, opener = null;
  window.tlcorePopovers = new MutationObserver(() => {
    const body = document.querySelector('[data-testid="stPopoverBody"]');
    if (body === opened) return;
    if (body) {
      opener = document.activeElement;
      body.tabIndex = -1;
      body.style.outline = 'none';
      body.focus({preventScroll: true});
    } else if (opener && opener.isConnected && document.activeElement === document.body)
      opener.focus({preventScroll: true});
    opened = body;
  });
  window.tlcorePopovers.observe(document.body, {childList: true, subtree: true});
}
"""


def declare_language() -> None:
    """Tells the browser which language is written, so that screen readers say Portuguese in Portuguese.

    The same script leads the keyboard into what a button opens, and back.
    """
    script = f"document.documentElement.lang = '{language()}';{_INTO_POPOVERS}"
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)
