"""Who is asking: a random token per browser, so that a reload finds the runs again and a shared link shows nobody's.

The token lives in a cookie of its own and not in the URL, since URLs are copied into chats. The server sets it with
each page that is opened (`web_server.py`), out of reach of scripts, and it is read from the request of the session.
Where another server than ours serves the page, one line of script writes it (a script of Streamlit's cannot).
"""

from __future__ import annotations

import streamlit as st

from pages.ui.common.state import APP_OWNER, APP_OWNER_WRITTEN
from tlcore.store import cookie_lifetime_s, new_owner, owner_in, sign_owner
from tlcore.store.owner_cookie import COOKIE, SECURE_COOKIE

_SCRIPT = (
    "document.cookie = (location.protocol === 'https:' ? '{secure_name}={value}; Secure' : '{name}={value}')"
    " + '; path=/; max-age={lifetime_s}; SameSite=Lax';"
)


def owner() -> str:
    """Token of this browser: 32 hexadecimal digits."""
    token = APP_OWNER.get()
    if token is None:
        brought = owner_in(st.context.cookies)
        token = brought or new_owner()
        APP_OWNER.set(token)
        APP_OWNER_WRITTEN.set(brought is not None)
    return token


def remember_owner() -> None:
    """Writes the cookie if the browser came without it; call at the end of a run.

    In every run of a session that did not begin with it: a browser leaves out what a newer run has taken away before
    it came to draw it, and whoever clicks that early would be somebody else after a reload.
    """
    token = owner()
    if not APP_OWNER_WRITTEN.get():
        values = {"name": COOKIE, "secure_name": SECURE_COOKIE, "value": sign_owner(token)}
        script = _SCRIPT.format(**values, lifetime_s=cookie_lifetime_s())
        st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)
