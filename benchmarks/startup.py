"""From `streamlit run` to the first page painted in Chromium; memory of the web process; both of an empty app, too.

The browser is open before; the clock starts with the process of `streamlit run` and stops when the heading of the first
page is on the screen. Memory is read again when the engine says on the page that it is ready.

Where the time goes, in processor seconds of the web process (two cores, busy): until the first answer 0.75, which is
Streamlit's and the same for an app of one heading, and 0.15 for what the server needs before it (settings, owner's
cookie). While the browser fetches Streamlit's own program, about a second, a thread of the server imports what the
first page needs (305 modules, 0.4), draws its pictures and has Streamlit compile its list of emojis (0.1 and 0.2); that
page's script, which did all this itself, is left with 0.1. The engine, which would take both cores to import
tensorflow, starts 1.5 s after the first page was asked for.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from benchmarks.lab_session import Lab, chromium, serving

NAME = "startup"
REPEATS = 5
TIMEOUT_MS = 180_000


def measure() -> list[dict[str, Any]]:
    """First start, median of the following ones, memory."""
    with chromium() as browser:
        starts = [(_one_start(browser), _empty_start(browser)) for _ in range(REPEATS)]
        memory = _memory(browser)
    paints = [ours for ours, _ in starts]
    empty_s, empty_mb = (median(values) for values in zip(*(empty for _, empty in starts), strict=True))
    return [
        {"case": "first page painted, first start", "value": round(paints[0], 2), "unit": "s"},
        {
            "case": f"first page painted, median of {REPEATS - 1} more",
            "value": round(median(paints[1:]), 2),
            "unit": "s",
            "aim": 2.0,
        },
        {"case": "the same, a Streamlit app of one heading", "value": round(empty_s, 2), "unit": "s"},
        {"case": "web process, a Streamlit app of one heading", "value": round(empty_mb), "unit": "MB"},
        *memory,
    ]


def _empty_start(browser: Any) -> tuple[float, float]:
    """What Streamlit itself needs: seconds to the first paint and megabytes, without anything of ours."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "empty.py"
        script.write_text('import streamlit as st\n\nst.title("Empty")\n', "utf-8")
        with serving(script) as lab, browser.new_context(locale="en-US") as context:
            painted_s = _painted_after(context.new_page(), lab)
            return painted_s, psutil.Process(lab.process.pid).memory_info().rss / 1e6


def _one_start(browser: Any) -> float:
    with serving() as lab, browser.new_context(locale="en-US") as context:
        return _painted_after(context.new_page(), lab)


def _painted_after(page: Any, lab: Lab) -> float:
    page.set_default_timeout(TIMEOUT_MS)
    page.goto(f"{lab.url}/?lang=en", wait_until="commit")
    page.locator("[data-testid=stMain] h1").first.wait_for(state="visible")
    return time.perf_counter() - lab.started_s


def _memory(browser: Any) -> list[dict[str, Any]]:
    with serving() as lab, browser.new_context(locale="en-US") as context:
        page = context.new_page()
        _painted_after(page, lab)
        web = psutil.Process(lab.process.pid)
        painted_mb = web.memory_info().rss / 1e6
        page.get_by_text("The engine is ready.").wait_for()
        ready_s = time.perf_counter() - lab.started_s
        ready_mb = web.memory_info().rss / 1e6
        return [
            {"case": "web process, first page painted", "value": round(painted_mb), "unit": "MB"},
            {"case": "web process, engine ready", "value": round(ready_mb), "unit": "MB", "aim": 150},
            {
                "case": "tensorflow in the web process",
                "value": _maps_tensorflow(web),
                "unit": "yes or no",
                "aim": False,
            },
            {"case": "engine ready after", "value": round(ready_s, 1), "unit": "s"},
        ]


def _maps_tensorflow(process: psutil.Process) -> bool:
    """Whether a library of tensorflow is mapped into the process, which importing it would do."""
    return any("tensorflow" in mapping.path for mapping in process.memory_maps())
