"""A server on this machine: one file under every path, or some under theirs; it misbehaves where a test wants it to."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

BODY = bytes(range(256)) * 8000  # 2 MB
MD5 = hashlib.md5(BODY).hexdigest()
SHA256 = hashlib.sha256(BODY).hexdigest()


class Server(ThreadingHTTPServer):
    """Serves BODY under every path, or what a test puts under some; a test sets how it misbehaves."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.ranges: list[str | None] = []
        self.break_after: list[int] = []  # bytes sent before each of the next answers breaks off
        self.status: int | None = None
        self.body = BODY
        self.bodies: dict[str, bytes] = {}  # of single files, by their names
        self.ignores_ranges = False
        self.stalls = threading.Event()
        self.released = threading.Event()

    def url(self, name: str = "file.h5") -> str:
        return f"http://127.0.0.1:{self.server_port}/{name}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the tests."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, format: str, *arguments: Any) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        server = self.server
        wanted = self.headers["Range"]
        server.ranges.append(wanted)
        if server.stalls.is_set():
            server.released.wait(30)
            return
        if server.status is not None:
            self.send_error(server.status)
            return
        content = server.bodies.get(self.path.rpartition("/")[2], server.body)
        start = 0 if wanted is None or server.ignores_ranges else int(wanted.removeprefix("bytes=").rstrip("-"))
        if start >= len(content):
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(content)}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self._send(content[start:], partial=start > 0)

    def _send(self, body: bytes, *, partial: bool) -> None:
        self.send_response(206 if partial else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.server.break_after:
            body = body[: self.server.break_after.pop(0)]
        self.wfile.write(body)


@contextmanager
def serving() -> Iterator[Server]:
    """A server that answers until the end of the block."""
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
