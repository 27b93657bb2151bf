"""What a browser fetches before it can show anything, packed once and kept for all of them.

Streamlit sends its own scripts unpacked, since packing them anew for each visitor takes longer than it saves, and packs
those of this lab anew for each: 0.4 s of the server's one loop for the 9 MB that run a network in a browser. A file
whose address names its content never changes, so that packing it once serves a whole class: over a classroom's wireless
network a page is a quarter as long on its way.
"""

from __future__ import annotations

import asyncio
import gzip
from typing import Any, NamedTuple

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_NAMED_BY_CONTENT = ("/static/js/", "/static/css/", "/app/static/frontend/", "/app/static/networks/")
_SUFFIXES = (".js", ".css", ".wasm", ".tflite")
_FOR_GOOD = "public, immutable, max-age=31536000"
_LEVEL = 6
# Of its size. Weights come to 0.92, with which Chromium's cache takes those of the base in a guest's window, too.
_WORTH_IT = 0.95
#: A question of the browser whose answer is not the whole file.
_PARTLY = ("range", "if-none-match", "if-modified-since")


class _File(NamedTuple):
    """One file as it is sent; `content` is None where it is sent as it lies on disk."""

    headers: list[tuple[bytes, bytes]]
    content: bytes | None


class PackedFiles:
    """Sends scripts and what runs networks in the browser packed by gzip, each packed once as long as the server runs.

    Those files together are some megabytes; what is not there is not kept.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._files: dict[str, asyncio.Task[_File | None]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _is_asked_for_whole(scope):
            await self._app(scope, receive, send)
            return
        file = await self._file(scope)
        if file is None or file.content is None:
            await self._app(_unpacked(scope), receive, send)
            return
        await send({"type": "http.response.start", "status": 200, "headers": list(file.headers)})
        await send({"type": "http.response.body", "body": file.content})

    async def _file(self, scope: Scope) -> _File | None:
        """The file, packed by whoever asks first, while the others wait for that; None where there is none."""
        path = scope["path"]
        packing = self._files.get(path)
        if packing is None:
            packing = self._files[path] = asyncio.create_task(self._pack(scope))
        try:
            file = await asyncio.shield(packing)
        except Exception:
            self._files.pop(path, None)
            raise
        if file is None:
            self._files.pop(path, None)
        return file

    async def _pack(self, scope: Scope) -> _File | None:
        """Asks the server itself for the file."""
        answer: list[Message] = []

        async def receive() -> Message:
            return await asyncio.Future()  # nothing follows, and nobody goes away

        async def keep(message: Message) -> None:
            answer.append(message)

        await self._app(_unpacked(scope), receive, keep)
        start, parts = answer[0], answer[1:]
        if start["status"] != 200:
            return None
        content = b"".join(part.get("body", b"") for part in parts)
        packed = await asyncio.to_thread(gzip.compress, content, _LEVEL, mtime=0)
        if len(packed) > _WORTH_IT * len(content):
            return _File([], None)
        return _File(_headers_of_packed(start, len(packed)), packed)


def _is_asked_for_whole(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].endswith(_SUFFIXES):
        return False
    headers = Headers(scope=scope)
    takes_packed = "gzip" in headers.get("accept-encoding", "")
    return takes_packed and _is_named_by_content(scope) and not any(name in headers for name in _PARTLY)


def _is_named_by_content(scope: Scope) -> bool:
    return any(folder in scope["path"] for folder in _NAMED_BY_CONTENT)


def _unpacked(scope: Scope) -> dict[str, Any]:
    """The same question of a browser that takes files as they are: then nobody packs them anew."""
    headers = [(name, value) for name, value in scope["headers"] if name.lower() != b"accept-encoding"]
    return {**scope, "headers": headers}


def _headers_of_packed(start: Message, length: int) -> list[tuple[bytes, bytes]]:
    headers = MutableHeaders(raw=list(start["headers"]))
    for name in ("accept-ranges", "etag"):  # both speak of the unpacked file
        if name in headers:
            del headers[name]
    headers.update(
        {
            "content-length": str(length),
            "content-encoding": "gzip",
            "vary": "Accept-Encoding",
            "cache-control": _FOR_GOOD,
        }
    )
    return headers.raw
