"""What a closed page leaves in the memory of the web process."""

from __future__ import annotations

from typing import Any

from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.session_manager import SessionInfo
from streamlit.runtime.state import SessionState

from pages.ui.common.closed_sessions import ClosedSessions


class Session:
    """A closed one, as far as the storage looks at it."""

    def __init__(self, name: str) -> None:
        self.id = name
        self.ended = False
        self.session_state = SessionState()
        self.session_state["photo"] = b"of somebody"

    def shutdown(self) -> None:
        self.ended = True


def test_a_session_that_nobody_can_come_back_to_ends_though_nobody_else_comes() -> None:
    now_s = [0.0]
    storage: Any = MemorySessionStorage(ttl_seconds=120)
    storage._cache._timer = lambda: now_s[0]
    closed, back = ClosedSessions(), {"back"}
    sessions = [Session(name) for name in ("gone", "back", "reaped by Streamlit")]
    for session in sessions:
        storage.save(SessionInfo(None, session))  # type: ignore[arg-type]

    def look(at_s: float) -> list[tuple[bool, bool]]:
        now_s[0] = at_s
        closed.let_go(storage, back.__contains__)
        return [(session.ended, "photo" in session.session_state) for session in sessions]

    assert look(30) == 3 * [(False, True)], "a lost connection may come back"
    storage.delete("back")
    now_s[0] = 125
    storage.save(SessionInfo(None, Session("another")))  # type: ignore[arg-type]  # with which Streamlit looks itself
    assert look(130) == [(True, False), (False, True), (True, False)]
