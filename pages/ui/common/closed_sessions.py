"""Sessions whose page was closed are let go of, with the photos that they hold, also where nobody else comes.

Streamlit keeps them for two minutes, in which a browser that lost its connection finds them again. After that it gives
them up when the next session closes, which in a quiet night is hours, and has what they hold deleted when Python's
garbage collector comes to them: to those that were there when the imports were set aside (`process.py`) it never does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from streamlit.runtime import get_instance
from streamlit.runtime.caching.ttl_cache import TTLCache
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.session_manager import SessionInfo

_EVERY_S = 30.0


async def let_go_of_closed_sessions() -> None:
    """Goes on until it is cancelled."""
    closed = ClosedSessions()
    while True:
        await asyncio.sleep(_EVERY_S)
        # There is no public way to the sessions, nor one to have them looked through.
        manager = get_instance()._session_mgr
        closed.let_go(getattr(manager, "_session_storage", None), manager.is_active_session)


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
        self._waiting = waiting
