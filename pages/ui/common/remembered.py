"""What a browser is to find again after a reload, which is a new session for Streamlit."""

from __future__ import annotations

from typing import Any, TypeVar

import streamlit as st

from pages.ui.common.owner import owner
from pages.ui.common.state import Key

T = TypeVar("T")
#: Values that are remembered, of all browsers; the oldest goes first.
_KEPT = 2000


@st.cache_resource(show_spinner=False)
def _values() -> dict[tuple[str, str], Any]:
    """Values by browser and key."""
    return {}


def remember(key: Key[T]) -> None:
    """Keeps the present value beyond this session, until the server is started again."""
    values = _values()
    values.pop((owner(), key.name), None)
    if key.get() != key.default:
        values[(owner(), key.name)] = key.get()
    for oldest in list(values)[:-_KEPT]:
        values.pop(oldest, None)


def recall(key: Key[T]) -> None:
    """Puts the value of the session before where this one has none; call before its widget is drawn."""
    place = (owner(), key.name)
    if not key.is_set and place in _values():
        key.set(_values()[place])
