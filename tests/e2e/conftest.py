"""The app as a browser meets it: `streamlit run` in a process of its own, on a free port, with a home of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from pages.ui.common.in_browser.files import runtime_folder
from pages.ui.common.navigation import STOPS
from scripts.browsing import find_chromium, free_port, open_chromium, running_app, settle
from scripts.deployment import find_nginx
from tests.e2e.browsers import WatchedBrowser
from tests.e2e.one_of_two import waiting_for_one

T = TypeVar("T")


def needed(found: T | None, reason: str) -> T:
    """What a test needs; without it, it is skipped, or fails where `TLCORE_REQUIRE_BROWSER=1` is set."""
    if found is not None:
        return found
    if os.environ.get("TLCORE_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Path of Chromium."""
    return needed(find_chromium(), "Needs Chromium; none was found. Install it, or set TLCORE_CHROMIUM to its path.")


@pytest.fixture(scope="session")
def runtime() -> Path:
    """Folder of what runs in the browser."""
    return needed(runtime_folder(), "Needs what runs in the browser. Build it: python -m scripts.frontend build")


@pytest.fixture(scope="session")
def nginx() -> str:
    """Path of nginx."""
    return needed(find_nginx(), "Needs nginx; none was found. Install it.")


@pytest.fixture(scope="package")
def chromium(chromium_path: str) -> Iterator[Any]:
    """A running Chromium (`playwright.sync_api.Browser`); tests open windows by `browser`.

    One for this folder, not one a session: while it is open, playwright keeps an event loop running on the main
    thread, and code that starts its own loop there would fail.
    """
    with open_chromium(chromium_path) as started, waiting_for_one():
        yield started


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
def app_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the running app's home and of its log."""
    return tmp_path_factory.mktemp("app")


@pytest.fixture(scope="package")
def monitor_address() -> str:
    """Where the running app is watched: /ready and /metrics."""
    return f"http://127.0.0.1:{free_port()}"


@pytest.fixture(scope="package")
def fresh_app_address(app_folder: Path, monitor_address: str) -> Iterator[str]:
    """Address of a running app that nobody has visited; it ends with the tests of this folder."""
    port = monitor_address.rpartition(":")[2]
    with running_app(app_folder, TLCORE_MONITOR_PORT=port, TLCORE_LOG="json") as address:
        yield address


@pytest.fixture(scope="package")
def first_visit(fresh_app_address: str, chromium: Any) -> WatchedBrowser:
    """What a browser noted that followed a link to a page as the first visitor ever, before the app knew its pages."""
    watched = WatchedBrowser(chromium)
    window = watched.new_context().new_page()
    network = window.context.new_cdp_session(window)
    network.on("Network.loadingFinished", lambda file: watched.note_bytes(file["encodedDataLength"]))
    network.send("Network.enable")
    window.goto(f"{fresh_app_address}/{STOPS[1].url_path}")
    window.locator("h1").wait_for(timeout=90_000)
    settle(window)
    watched.icon = window.locator('link[rel~="icon"]').get_attribute("href")
    watched.close()
    return watched


@pytest.fixture(scope="package")
def app_address(fresh_app_address: str, first_visit: WatchedBrowser) -> str:
    """Address of a running app that has been visited before."""
    return fresh_app_address
