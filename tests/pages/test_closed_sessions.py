"""What a closed page leaves in the memory of the web process."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.session_manager import SessionInfo
from streamlit.runtime.state import SessionState
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from pages.ui.common import closed_sessions
from pages.ui.common.closed_sessions import ClosedSessions, forget_unused


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


def test_what_a_forgotten_page_holds_expires_while_it_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions, uploads = [Session("forgotten"), Session("used")], MemoryUploadedFileManager("/upload")
    for session in sessions:
        uploads.add_file(session.id, UploadedFileRec("file", "photo.jpg", "image/jpeg", b"of somebody"))
    monkeypatch.setattr(closed_sessions, "_used_s", {"forgotten": 10.0, "used": 20.0})
    forget_unused([SessionInfo(None, session) for session in sessions], uploads, 15.0)  # type: ignore[arg-type]
    assert ["photo" in session.session_state for session in sessions] == [False, True]
    assert [len(uploads.get_files(session.id, ["file"])) for session in sessions] == [0, 1]
