"""The app in a browser, for scripts and for the tests that need one: a server of its own, Debian's Chromium."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent
BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
#: No name but this machine's is looked up, so that no request gets out even where the machine has a network.
OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"
#: A moving picture instead of the machine's camera; a page gets it where its context has the permission "camera".
MADE_UP_CAMERA = "--use-fake-device-for-media-stream"
CHROMIUM_OPTIONS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", OFFLINE, MADE_UP_CAMERA]
DESKTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
SCREENS = {"desktop": DESKTOP, "phone": PHONE}
_START_S = 90
_LOOK_MS = 100  # looking at each frame keeps the browser drawing
#: Nothing is on its way: the run has ended, the language is declared (the last thing that a run does), no part is old
#: or has to be fetched yet.
_SETTLED = """() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'
  && document.documentElement.lang && document.querySelector('[data-testid=stMain] h1')
  && !document.querySelector('[data-stale=true], [data-testid=stSkeleton]')"""


def find_chromium() -> str | None:
    """Path of the system's Chromium; `TLCORE_CHROMIUM` has the first word."""
    named = os.environ.get("TLCORE_CHROMIUM")
    candidates = (named,) if named else BROWSER_NAMES
    return next((path for name in candidates if (path := shutil.which(name))), None)


@contextmanager
def open_chromium(path: str) -> Iterator[Any]:
    """A running Chromium (`playwright.sync_api.Browser`) that asks nobody outside of this machine."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=CHROMIUM_OPTIONS)
        yield started
        started.close()


@contextmanager
def running_app(folder: Path, **settings: str) -> Iterator[str]:
    """Address of the app, served from this repository until the end of the block.

    Args:
        folder: Gets the home of the app and its log.
        settings: Further variables of its environment.

    Raises:
        TimeoutError: It does not answer; its log is in the message.
    """
    port = free_port()
    environment = {**os.environ, "TLCORE_HOME": str(folder / "home"), "TLCORE_LOW_MEMORY": "1", **settings}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1"]
    with (folder / "log.txt").open("w") as log:
        process = subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for_app(address, folder / "log.txt")
            yield address
        finally:
            process.terminate()
            process.wait(30)


def settle(page: Any) -> None:
    """Returns when a page of the app stands still."""
    page.wait_for_function(_SETTLED, polling=_LOOK_MS)
    page.wait_for_timeout(600)  # charts and pictures are laid out
    page.wait_for_function(_SETTLED, polling=_LOOK_MS)


def wait_for_app(address: str, log: Path) -> None:
    """Returns when the app, or a proxy before it, answers.

    Raises:
        TimeoutError: It does not; its log is in the message.
    """
    deadline = time.monotonic() + _START_S
    while not _answers(address):
        if time.monotonic() > deadline:
            raise TimeoutError(f"The app does not answer. Its log:\n{log.read_text()}")
        time.sleep(0.2)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5) as reply:
            return bool(reply.status == 200)
    except OSError:
        return False


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
