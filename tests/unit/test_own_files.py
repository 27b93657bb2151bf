"""What a page offers for download: Streamlit's own routes behind the server's rules, asked by several browsers."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.applications import Starlette
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.web.server.starlette.starlette_routes import create_media_routes

from pages.ui.common import own_files
from pages.ui.common.own_files import OwnFiles
from pages.ui.common.web_server import VisitorHeaders
from tests import asgi
from tlcore.store import new_owner, sign_owner
from tlcore.store.owner_cookie import COOKIE, SECURE_COOKIE

ANA, BETO = new_owner(), new_owner()


class Server:
    """The part of the web server that gives files, and who has a page open."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, base: str = "") -> None:
        storage = MemoryMediaFileStorage("/media")
        self.open_sessions = {"of Ana": ANA, "of Beto": BETO}
        self.files = OwnFiles(storage, self.open_sessions.__contains__)
        self._app = VisitorHeaders(Starlette(routes=create_media_routes(storage, base)))
        self._patch = monkeypatch
        monkeypatch.setattr(own_files, "exists", lambda: True)
        monkeypatch.setattr(own_files, "get_instance", lambda: SimpleNamespace(media_file_mgr=self.files))

    def draw(self, session: str) -> None:
        """What is offered from now on, this session's page offers."""
        self._patch.setattr(own_files, "_this_session", lambda: (session, self.open_sessions[session]))

    def ask(self, address: str, owner: str | None = None, cookie: str = COOKIE, method: str = "GET") -> Any:
        """Status, headers and content of the answer."""
        cookies = {} if owner is None else {"cookie": f"other=1; {cookie}={sign_owner(owner)}"}
        status, told, content = asyncio.run(asgi.ask(self._app, address, method, **cookies))
        return status, dict(told), content


def offer(server: Server, content: bytes = b"a,b", name: str = "runs.csv") -> str:
    return server.files.add(content, "text/csv", name, file_name=name, is_for_static_download=True)


def test_a_file_is_given_to_the_browser_that_it_is_offered_to_and_to_nobody_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = Server(monkeypatch)
    server.draw("of Ana")
    address = offer(server)
    status, headers, content = server.ask(address, ANA)
    assert (status, content) == (200, b"a,b")
    assert headers["content-disposition"] == 'attachment; filename="runs.csv"'
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("private, no-store", "nosniff")
    assert server.ask(address, ANA, SECURE_COOKIE)[0] == 200
    for asked in ((address,), (address, BETO), (address, BETO, COOKIE, "HEAD"), (f"/media/x{address}", ANA)):
        assert server.ask(*asked)[0] == 404, asked

    server.draw("of Beto")
    assert offer(server) == address, "the same content"
    assert [server.ask(address, owner)[0] for owner in (ANA, BETO, None)] == [200, 200, 404]
    del server.open_sessions["of Ana"]
    assert [server.ask(address, owner)[0] for owner in (ANA, BETO, None)] == [404, 200, 404], "she has closed the page"


def test_what_is_made_at_the_click_is_for_the_page_that_offered_it(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(monkeypatch)
    server.draw("of Ana")
    file_id = server.files.add_deferred(lambda: b"a project", "application/zip", "place", file_name="project.zip")
    monkeypatch.setattr(own_files, "_this_session", lambda: None)  # the thread of a click has no session
    address = server.files.execute_deferred(file_id)
    assert [server.ask(address, owner)[0] for owner in (ANA, BETO, None)] == [200, 404, 404]
    assert server.ask(address, ANA)[1]["content-disposition"] == 'attachment; filename="project.zip"'


def test_with_a_closed_page_its_files_go(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(monkeypatch)
    server.draw("of Ana")
    offer(server)
    monkeypatch.setattr("streamlit.runtime.media_file_manager._get_session_id", lambda: "dontcare")
    server.files.remove_orphaned_files()
    assert server.files._offers
    server.files.clear_session_refs("dontcare")
    for _look in range(2):
        server.files.remove_orphaned_files()
    assert not server.files._offers
    assert not server.files._storage._files_by_id  # type: ignore[attr-defined]


def test_only_files_that_pages_offer_are_anybodys_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.ui.common.web_server.get_option", lambda _name: "lab")
    server = Server(monkeypatch, base="lab")
    server.draw("of Ana")
    address = f"/lab{offer(server)}"
    assert [server.ask(address, owner)[0] for owner in (ANA, BETO)] == [200, 404]
    assert server.ask("/lab/static/media/font.woff2")[1].get("cache-control") is None, "Streamlit's own"
