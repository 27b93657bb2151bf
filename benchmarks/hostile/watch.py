"""Whether a server stays well meanwhile: the same processes, bounded memory, no file elsewhere, no trace on a page."""

from __future__ import annotations

import re
import threading
from contextlib import suppress
from pathlib import Path

import psutil

from benchmarks.hostile.uploads import CANARY
from benchmarks.load.page import Page
from scripts.browsing import REPOSITORY

LOOK_S = 0.1
#: What only a program that broke says, or one that tells a stranger where its files lie.
_TRACE = re.compile(rb"Traceback \(most recent call last\)|File \"[^\"]+\", line \d|site-packages|\w+Error: ")
_ELSEWHERE = (Path("/"), Path("/tmp"), Path.home(), REPOSITORY, REPOSITORY.parent)


class Watch:
    """Looks at a web process and all that it has started, from a thread, until it is closed.

    Args:
        pid: Of the web process.

    Attributes:
        peak_mb: Highest resident memory by "web" and "worker", MB.
    """

    def __init__(self, pid: int) -> None:
        self._web = psutil.Process(pid)
        self._before = self._running()
        self.peak_mb = {"web": 0.0, "worker": 0.0}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Looks no more."""
        self._ended.set()
        self._thread.join()

    def lost(self) -> int:
        """How many of the processes that ran at first have ended."""
        return len(self._before - self._running())

    def _running(self) -> set[tuple[int, float]]:
        with suppress(psutil.NoSuchProcess):
            return {(p.pid, p.create_time()) for p in (self._web, *self._web.children(recursive=True))}
        return set()

    def _look(self) -> None:
        while not self._ended.wait(LOOK_S):
            with suppress(psutil.NoSuchProcess):
                self._keep("web", self._web)
                for child in self._web.children(recursive=True):
                    self._keep("worker", child)

    def _keep(self, name: str, process: psutil.Process) -> None:
        with suppress(psutil.NoSuchProcess):
            self.peak_mb[name] = max(self.peak_mb[name], process.memory_info().rss / 1e6)


def traces(page: Page, home: Path) -> list[str]:
    """What on a page says how the program is made: a trace, an exception, a folder of the server."""
    found = [f"exception: {part.content.type}" for part in page.parts() if part.kind == "exception"]
    for part in page.parts():
        if part.kind not in ("alert", "markdown", "text", "html", "toast", "heading"):
            continue
        said = part.proto.SerializeToString()
        hit = _TRACE.search(said)
        found += [f"{part.kind}: {said[max(0, hit.start() - 40) : hit.end() + 80]!r}"] if hit else []
        found += [f"{part.kind} names a folder of the server"] if str(home).encode() in said else []
    return found


def escaped(home: Path) -> list[str]:
    """Files that came out of a ZIP to where they should not: anywhere but in the home, whose names are its own."""
    places = {path.resolve() for path in (*_ELSEWHERE, home.parent, home)}
    near = [path for place in places for path in place.glob(f"*{CANARY}*")]
    return sorted({str(path) for path in (*near, *home.rglob(f"*{CANARY}*"))})
