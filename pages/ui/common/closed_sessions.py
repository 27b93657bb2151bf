"""Sessions that nobody uses are let go of, with the photos that they hold: of closed pages, and of forgotten ones.

Streamlit keeps them for two minutes, in which a browser that lost its connection finds them again. After that it gives
them up when the next session closes, which in a quiet night is hours, and has what they hold deleted when Python's
garbage collector comes to them: to those that were there when the imports were set aside (`process.py`) it never does.
A page that stays open keeps its session; what it holds expires like everything else that nobody uses.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable

from streamlit.runtime import get_instance
from streamlit.runtime.caching.ttl_cache import TTLCache
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.session_manager import ActiveSessionInfo, SessionInfo
from streamlit.runtime.uploaded_file_manager import UploadedFileManager

from tlcore.settings import get_settings

_EVERY_S = 30.0
_used_s: dict[str, float] = {}  # session -> when a page of it was drawn last


def note_use() -> None:
    """A page of this session is being drawn."""
    context = get_script_run_ctx()
    if context is not None:
        _used_s[context.session_id] = time.monotonic()


async def let_go_of_closed_sessions() -> None:
    """Goes on until it is cancelled."""
    closed = ClosedSessions()
    while True:
        await asyncio.sleep(_EVERY_S)
        # There is no public way to the sessions, nor one to have them looked through.
        manager = get_instance()._session_mgr
        closed.let_go(getattr(manager, "_session_storage", None), manager.is_active_session)
        uploads, since_s = get_instance().uploaded_file_mgr, time.monotonic() - get_settings().expiry_s
        get_instance().media_file_mgr.remove_orphaned_files()  # at the second look, what they offered for download
        forget_unused(manager.list_active_sessions(), uploads, since_s)


class ClosedSessions:
    """Those that a browser might still come back to, as they were at the last look."""

    def __init__(self) -> None:
        self._waiting: dict[str, SessionInfo] = {}

    def let_go(self, storage: object, is_active: Callable[[str], bool]) -> None:
        """Ends those that nobody can come back to any more: their uploads, and what their pages remember.

        Args:
            storage: Streamlit's own, where closed sessions wait; another kind is left alone.
            is_active: Whether a browser has come back to a session, by its id.
        """
        if not isinstance(storage, MemorySessionStorage) or not isinstance(storage._cache, TTLCache):
            return
        storage._cache.expire()
        waiting: dict[str, SessionInfo] = dict(storage._cache._data)
        for session_id in self._waiting.keys() - waiting.keys():
            if not is_active(session_id):
                session = self._waiting[session_id].session
                session.shutdown()
                session.session_state.clear()
                _used_s.pop(session_id, None)
        self._waiting = waiting


def forget_unused(sessions: Iterable[ActiveSessionInfo], uploads: UploadedFileManager, since_s: float) -> None:
    """Empties sessions of open pages that nobody has used; at the next click such a page begins anew.

    Args:
        sessions: Those of open pages.
        uploads: What they have been given.
        since_s: What was used after this stays, on the clock of `time.monotonic`.
    """
    for info in sessions:
        session = info.session
        if _used_s.get(session.id, since_s) < since_s:
            uploads.remove_session_files(session.id)
            session.session_state.clear()
            del _used_s[session.id]
