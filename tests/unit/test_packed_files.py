"""Files that a browser fetches before it shows anything: packed once, the same once unpacked."""

from __future__ import annotations

import asyncio
import gzip
import os
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from pages.ui.common.packed_files import PackedFiles
from tests import asgi

SCRIPT = b"export const answer = 42;\n" * 500


class Server:
    """Streamlit's part, of which is counted how often it is asked, behind what packs."""

    def __init__(self, folder: Path) -> None:
        (folder / "js").mkdir()
        (folder / "js" / "index.A1b2C3.js").write_bytes(SCRIPT)
        (folder / "js" / "weights.A1b2C3.tflite").write_bytes(os.urandom(20_000))
        self.asked: list[str] = []
        files = Starlette(routes=[Mount("/static", StaticFiles(directory=folder))])

        async def counted(scope: Any, receive: Any, send: Any) -> None:
            self.asked.append(scope["path"])
            await files(scope, receive, send)

        self._app = PackedFiles(counted)

    async def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        status, told, content = await asgi.ask(self._app, path, method, **headers)
        return status, dict(told), content


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path)


def test_a_class_that_comes_at_once_gets_a_file_that_was_packed_once(server: Server) -> None:
    async def thirty() -> list[Any]:
        return await asyncio.gather(
            *(server.ask("/static/js/index.A1b2C3.js", accept_encoding="gzip, br") for _student in range(30))
        )

    answers = asyncio.run(thirty())
    assert server.asked == ["/static/js/index.A1b2C3.js"]
    for status, headers, content in answers:
        assert (status, headers["content-encoding"], headers["vary"]) == (200, "gzip", "Accept-Encoding")
        assert int(headers["content-length"]) == len(content) < len(SCRIPT) / 4
        assert "immutable" in headers["cache-control"]
        assert "etag" not in headers
        assert gzip.decompress(content) == SCRIPT


@pytest.mark.parametrize(
    ("method", "headers"),
    [("GET", {}), ("HEAD", {"accept_encoding": "gzip"}), ("GET", {"accept_encoding": "gzip", "range": "bytes=0-9"})],
    ids=["takes nothing packed", "asks for headers", "asks for a part"],
)
def test_who_asks_for_something_else_gets_that(server: Server, method: str, headers: dict[str, str]) -> None:
    status, told, content = asyncio.run(server.ask("/static/js/index.A1b2C3.js", method, **headers))
    assert "content-encoding" not in told
    assert (status, content) in [(200, SCRIPT), (200, b""), (206, SCRIPT[:10])]


def test_what_does_not_become_smaller_is_sent_as_it_is_and_what_is_not_there_is_not_kept(server: Server) -> None:
    async def ask_twice(path: str) -> Any:
        await server.ask(path, accept_encoding="gzip")
        return await server.ask(path, accept_encoding="gzip")

    status, told, content = asyncio.run(ask_twice("/static/js/weights.A1b2C3.tflite"))
    assert (status, len(content)) == (200, 20_000)
    assert "content-encoding" not in told
    server.asked.clear()
    status, _told, _content = asyncio.run(ask_twice("/static/js/no_such_file.js"))
    assert status == 404
    assert len(server.asked) == 4, "the second time it was looked for again"
