"""Files that a page offers for download, given to nobody but the browser that it offers them to.

Streamlit gives each an address made of its content and serves it to whoever has that address. Here it is noted for
which session a file was made, and whose that is; the server (`web_server.py`) asks before it lets Streamlit answer.
Whoever closes the page ends the offer.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import ContextVar
from pathlib import PurePosixPath
from typing import Any

from streamlit.runtime import Runtime, exists, get_instance
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorage
from streamlit.runtime.scriptrunner import get_script_run_ctx

_Offer = tuple[str, str]  # session and owner


class OwnFiles(MediaFileManager):
    """Streamlit's keeper of files, which also knows for whom each of them is.

    Args:
        storage: Where the files lie.
        is_active: Whether a page of a session is open, by its id.
    """

    def __init__(self, storage: MediaFileStorage, is_active: Callable[[str], bool]) -> None:
        super().__init__(storage)
        self._is_active = is_active
        self._offers: dict[str, set[_Offer]] = {}  # by the file's id
        self._offers_lock = threading.Lock()
        self._asked_for: ContextVar[_Offer | None] = ContextVar("asked_for", default=None)

    def add(self, *args: Any, **options: Any) -> str:
        """As Streamlit's, noting whose page offers the file."""
        address = super().add(*args, **options)
        self._note(address, _this_session())
        return address

    def add_deferred(self, data_callable: Callable[[], Any], *args: Any, **options: Any) -> str:
        """As Streamlit's; the file is made at the click, where no session is known any more."""
        offer = _this_session()

        def make() -> Any:
            self._asked_for.set(offer)
            return data_callable()

        return super().add_deferred(make, *args, **options)

    def execute_deferred(self, file_id: str) -> str:
        """As Streamlit's, noting whose page has offered the file."""
        address = super().execute_deferred(file_id)
        self._note(address, self._asked_for.get())
        return address

    def remove_orphaned_files(self) -> None:
        """As Streamlit's; with a file, and with a session, its offers go."""
        super().remove_orphaned_files()
        with self._offers_lock:
            for file_id in list(self._offers):
                open_ones = {offer for offer in self._offers[file_id] if self._is_active(offer[0])}
                self._offers[file_id] = open_ones
                if not open_ones or file_id not in self._file_metadata:
                    del self._offers[file_id]

    def is_offered_to(self, owner: str | None, address: str) -> bool:
        """Whether an open page of this owner offers the file.

        Args:
            owner: As a request's cookie says; None for a stranger.
            address: The last part of the file's address.
        """
        with self._offers_lock:
            offers = set(self._offers.get(PurePosixPath(address).stem, ()))
        return owner is not None and any(whose == owner and self._is_active(session) for session, whose in offers)

    def _note(self, address: str, offer: _Offer | None) -> None:
        if offer is not None:
            with self._offers_lock:
                self._offers.setdefault(PurePosixPath(address).stem, set()).add(offer)


def keep_files_to_their_owners(runtime: Runtime) -> None:
    """Has a server's files kept here from now on; call before its first page is drawn."""
    # There is no public way to give Streamlit another keeper, nor to take over where the files lie.
    runtime._media_file_mgr = OwnFiles(runtime.media_file_mgr._storage, runtime.is_active_session)


def is_offered_to(owner: str | None, address: str) -> bool:
    """Whether this server offers a file to an owner; never where nobody has noted whose the files are."""
    files = get_instance().media_file_mgr if exists() else None
    return isinstance(files, OwnFiles) and files.is_offered_to(owner, address)


def _this_session() -> _Offer | None:
    from pages.ui.common.owner import owner  # it draws, which the server can do without

    context = get_script_run_ctx()
    return None if context is None else (context.session_id, owner())
