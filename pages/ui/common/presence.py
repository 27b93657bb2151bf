"""How many people are at the lab just now: browsers whose page was drawn a little while ago, counted and not named."""

from __future__ import annotations

import hashlib
import time

import streamlit as st

from pages.ui.common.owner import owner

HERE_S = 300.0


def note_presence() -> None:
    """Somebody's page is being drawn."""
    now, seen = time.monotonic(), _last_drawn()
    seen[hashlib.sha256(owner().encode()).hexdigest()] = now
    for browser in [browser for browser, at in tuple(seen.items()) if now - at > HERE_S]:
        seen.pop(browser, None)


def people_here() -> int:
    """Browsers whose page was drawn within `HERE_S`."""
    now = time.monotonic()
    return sum(now - at <= HERE_S for at in tuple(_last_drawn().values()))


@st.cache_resource(show_spinner=False)
def _last_drawn() -> dict[str, float]:
    return {}
