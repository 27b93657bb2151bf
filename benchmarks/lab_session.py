"""The lab as a person meets it: `streamlit run` and a page in Chromium."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.browsing import REPOSITORY, find_chromium, free_port, open_chromium

POLL_S = 0.005
START_TIMEOUT_S = 60.0


@dataclass(frozen=True)
class Lab:
    """A running web server.

    Attributes:
        url: Of its first page.
        process: Of `streamlit run`.
        started_s: When the process was started, on the clock of `time.perf_counter`.
    """

    url: str
    process: subprocess.Popen[bytes]
    started_s: float


@contextmanager
def serving(script: Path = REPOSITORY / "app.py") -> Iterator[Lab]:
    """Runs the lab, or another Streamlit script, on a free port with an empty home, and ends it."""
    port = free_port()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}"]
        options = ["--server.headless=true", "--server.address=127.0.0.1", "--browser.gatherUsageStats=false"]
        started_s = time.perf_counter()
        process = subprocess.Popen(
            command + options,
            cwd=REPOSITORY,
            env=os.environ | {"TLCORE_HOME": home},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for_port(port, process)
            yield Lab(f"http://127.0.0.1:{port}", process, started_s)
        finally:
            process.terminate()
            process.wait(30)


def wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    """Returns as soon as the server takes connections.

    Raises:
        RuntimeError: It ended, or does not listen after a minute.
    """
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(POLL_S)
    raise RuntimeError("The app did not start. Run `python3 scripts/lab.py start` to see why.")


@contextmanager
def chromium() -> Iterator[Any]:
    """A running Chromium (`playwright.sync_api.Browser`); `TLCORE_CHROMIUM` names it, else it is looked for."""
    with open_chromium(chromium_path()) as browser:
        yield browser


def chromium_path() -> str:
    """Where Chromium is.

    Raises:
        RuntimeError: There is none.
    """
    path = find_chromium()
    if path is None:
        raise RuntimeError("No Chromium was found. Install it, or set TLCORE_CHROMIUM to its path.")
    return path
