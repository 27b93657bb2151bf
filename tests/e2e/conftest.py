"""The app as a browser meets it: `streamlit run` in a process of its own, on a free port, with a home of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pages.ui.common.navigation import STOPS
from tests.conftest import wait_until
from tests.e2e.browsers import OFFLINE, WatchedBrowser

REPOSITORY = Path(__file__).resolve().parents[2]
BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def find_chromium() -> str | None:
    """Path of the system's Chromium; `TLCORE_CHROMIUM` has the first word."""
    named = os.environ.get("TLCORE_CHROMIUM")
    candidates = (named,) if named else BROWSER_NAMES
    return next((path for name in candidates if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Path of Chromium; skips without one, or fails where `TLCORE_REQUIRE_BROWSER=1` says that it must be there."""
    path = find_chromium()
    if path is not None:
        return path
    reason = "Needs Chromium; none was found. Install it, or set TLCORE_CHROMIUM to its path."
    if os.environ.get("TLCORE_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="package")
def chromium(chromium_path: str) -> Iterator[Any]:
    """A running Chromium (`playwright.sync_api.Browser`); tests open windows by `browser`.

    One for this folder, not one a session: while it is open, playwright keeps an event loop running on the main
    thread, and code that starts its own loop there would fail.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium_path,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", OFFLINE],
        )
        yield started
        started.close()


@pytest.fixture
def browser(chromium: Any) -> Iterator[WatchedBrowser]:
    """Opens windows, closes them after the test, and fails the test if a page did what no page may do.

    That is: a request that leaves this machine, an uncaught error, an error in the console.
    """
    watched = WatchedBrowser(chromium)
    yield watched
    watched.close()
    assert watched.faults == []


@pytest.fixture(scope="package")
def fresh_app_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a running app that nobody has visited; it ends with the tests of this folder."""
    port = free_port()
    folder = tmp_path_factory.mktemp("app")
    environment = {**os.environ, "TLCORE_HOME": str(folder / "home"), "TLCORE_LOW_MEMORY": "1"}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1"]
    with (folder / "log.txt").open("w") as log:
        process = subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_until(lambda: answers(address), 90, lambda: (folder / "log.txt").read_text())
            yield address
        finally:
            process.terminate()
            process.wait(30)


@pytest.fixture(scope="package")
def first_visit(fresh_app_address: str, chromium: Any) -> WatchedBrowser:
    """What a browser noted that followed a link to a page as the first visitor ever, before the app knew its pages."""
    watched = WatchedBrowser(chromium)
    window = watched.new_context().new_page()
    window.goto(f"{fresh_app_address}/{STOPS[1].url_path}")
    window.locator("h1").wait_for(timeout=90_000)
    watched.icon = window.locator('link[rel~="icon"]').get_attribute("href")
    watched.close()
    return watched


@pytest.fixture(scope="package")
def app_address(fresh_app_address: str, first_visit: WatchedBrowser) -> str:
    """Address of a running app that has been visited before."""
    return fresh_app_address


def answers(address: str) -> bool:
    """Whether the server says that it is well."""
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5) as reply:
            return bool(reply.status == 200)
    except OSError:
        return False
