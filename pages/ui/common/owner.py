"""Who is asking: a random token per browser, so that a reload finds the runs again and a shared link shows nobody's.

The token lives in a cookie of its own and not in the URL, since URLs are copied into chats. It is written by one line
of script on the first visit (Streamlit has no call that sets a cookie) and read from the request on later ones.
"""

from __future__ import annotations

import re
import secrets

import streamlit as st

from pages.ui.common.state import APP_OWNER, APP_OWNER_WRITTEN

COOKIE = "tlcore_owner"
_TOKEN = re.compile(r"[0-9a-f]{32}")
_SCRIPT = (
    "document.cookie = '{name}={token}; path=/; max-age=604800; SameSite=Strict'"
    " + (location.protocol === 'https:' ? '; Secure' : '');"
)


def owner() -> str:
    """Token of this browser: 32 hexadecimal digits."""
    token = APP_OWNER.get()
    if token is None:
        cookie = str(st.context.cookies.get(COOKIE, ""))
        token = cookie if _TOKEN.fullmatch(cookie) else secrets.token_hex(16)
        APP_OWNER.set(token)
        APP_OWNER_WRITTEN.set(token == cookie)
    return token


def remember_owner() -> None:
    """Writes the cookie; call at the end of a run.

    In every run of a session that did not begin with it: a browser leaves out what a newer run has taken away before
    it came to draw it, and whoever clicks that early would be somebody else after a reload.
    """
    token = owner()
    if not APP_OWNER_WRITTEN.get():
        st.html(f"<script>{_SCRIPT.format(name=COOKIE, token=token)}</script>", unsafe_allow_javascript=True)
