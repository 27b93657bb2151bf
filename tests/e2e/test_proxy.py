"""nginx with the rules of `deploy/` before two small servers: what it does where one hangs, and with a flood."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from scripts.browsing import free_port, wait_for_app
from scripts.deployment import proxy_configuration

pytestmark = pytest.mark.timeout(120)

BROWSERS = 16  # so many that each of two replicas has some
SESSIONS_AT_ONCE = 200


@dataclass(frozen=True)
class Proxy:
    """nginx, at a port."""

    port: int

    def ask(self, path: str, browser: int = 0) -> tuple[int, bytes]:
        """Status and content of the answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path, headers={"Cookie": f"tlcore_replica=browser{browser}"})
        reply = connection.getresponse()
        content = reply.status, reply.read()
        connection.close()
        return content


class Replica(BaseHTTPRequestHandler):
    """Answers with its port; has one file for download, if it is the one that has it."""

    has_file = False

    def do_GET(self) -> None:
        missing = self.path.startswith("/media/") and not self.has_file
        self.send_response(404 if missing else 200)
        self.end_headers()
        self.wfile.write(str(self.server.server_port).encode())  # type: ignore[attr-defined]

    def log_message(self, *_values: object) -> None:
        """Says nothing."""


class ReplicaWithFile(Replica):
    has_file = True


@contextmanager
def replica(kind: type[Replica]) -> Iterator[int]:
    """Port of one that answers."""
    with ThreadingHTTPServer(("127.0.0.1", 0), kind) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@contextmanager
def proxied(nginx: str, folder: Path, *replicas: int) -> Iterator[Proxy]:
    """nginx before these; it waits a tenth of its time for them, so that the test does."""
    port = free_port()
    written = proxy_configuration(folder, port, replicas)
    assert "proxy_read_timeout 4s;" in written
    (folder / "nginx.conf").write_text(written.replace("proxy_read_timeout 4s;", "proxy_read_timeout 400ms;"), "utf-8")
    with (folder / "log.txt").open("w") as log, ExitStack() as running:
        process = subprocess.Popen([nginx, "-c", str(folder / "nginx.conf"), "-e", "stderr"], stderr=log)
        running.callback(process.wait)
        running.callback(process.terminate)
        wait_for_app(f"http://127.0.0.1:{port}", folder / "log.txt")
        yield Proxy(port)


def test_a_replica_that_hangs_is_passed_over(nginx: str, tmp_path: Path) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        replica(Replica) as port,
        proxied(nginx, tmp_path, silent.getsockname()[1], port) as proxy,
    ):
        answers = [proxy.ask("/", browser) for browser in range(BROWSERS)]
    assert answers == BROWSERS * [(200, str(port).encode())]
    assert "timed out" in (tmp_path / "log.txt").read_text("utf-8"), "none of them was its browser"


def test_a_file_is_found_on_the_replica_that_has_it(nginx: str, tmp_path: Path) -> None:
    with replica(Replica) as one, replica(ReplicaWithFile) as other, proxied(nginx, tmp_path, one, other) as proxy:
        pages = {proxy.ask("/", browser)[1] for browser in range(BROWSERS)}
        files = {proxy.ask("/media/f.csv", browser) for browser in range(BROWSERS)}
    assert pages == {str(one).encode(), str(other).encode()}, "each of them has browsers"
    assert files == {(200, str(other).encode())}


def test_a_class_behind_one_address_is_let_in_and_a_flood_is_not(nginx: str, tmp_path: Path) -> None:
    with replica(Replica) as port, proxied(nginx, tmp_path, port) as proxy:
        opened = [proxy.ask("/_stcore/stream")[0] for _page in range(SESSIONS_AT_ONCE)]
        refused = next(number for number in range(10_000) if proxy.ask("/_stcore/stream")[0] == 429)
        assert proxy.ask("/")[0] == 200, "whoever is there goes on"
    assert opened == SESSIONS_AT_ONCE * [200]
    assert refused < SESSIONS_AT_ONCE
