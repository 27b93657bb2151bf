"""A trained network that answers to a camera: frames a second and milliseconds, in the browser and by the server.

A head is trained on each base at 150x150, as in the lecture, with pooled features. Then Chromium, with its made-up
camera, opens the page of live prediction. Milliseconds are from the picture, as the camera gave it, to the drawn
answer. Browser, server and the camera share this machine.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from scripts.browsing import DESKTOP, find_chromium, open_chromium, running_app
from tlcore.store import sign_owner
from tlcore.store.owner_cookie import COOKIE

BASES = {"VGG16Slim": "embedded", "EfficientNetLite0": "imagenet"}
WAYS = ("browser", "server")
SETTLED_MS, MEASURED_MS = 4_000, 8_000
PATIENCE_MS = 240_000
AIMS = {"browser": {"frames/s": 20, "ms": 80}, "server": {"frames/s": 5}}


def measure() -> Iterator[dict[str, Any]]:
    chromium = find_chromium()
    if chromium is None:
        raise SystemExit("Needs Chromium; none was found. Install it, or set TLCORE_CHROMIUM to its path.")
    with tempfile.TemporaryDirectory() as name:
        os.environ["TLCORE_HOME"] = f"{name}/home"
        owner, runs = trained()
        with running_app(Path(name)) as address, open_chromium(chromium) as browser:
            context = browser.new_context(viewport=DESKTOP, permissions=["camera"], locale="en-US")
            context.add_cookies([{"name": COOKIE, "value": sign_owner(owner), "url": address}])
            for base, run_id in runs.items():
                for way in WAYS:
                    found = live(context, address, run_id, way)
                    case = f"{base} at 150x150, {found.pop('by')}"
                    for unit, value in found.items():
                        yield {"case": case, "value": value, "unit": unit, "aim": AIMS[way].get(unit)}


def trained() -> tuple[str, dict[str, str]]:
    """An owner, and a run of theirs for each base."""
    from tlcore.engine import JobContext, find_task
    from tlcore.engine.tasks.references import DatasetReference
    from tlcore.store import new_owner
    from tlcore.training import TrainingSpec

    context = JobContext("job", new_owner(), lambda event: None, lambda: False)
    data = DatasetReference(name="helmets", num_images=60)
    runs = {}
    for base, weights in BASES.items():
        spec = TrainingSpec(base=base, weights=weights, pooling="average", epochs=3)
        runs[base] = find_task("train").function(context, spec=spec, data=data).run_id
    return context.owner, runs


def live(context: Any, address: str, run_id: str, way: str) -> dict[str, Any]:
    """Frames a second, milliseconds from picture to answer, processor time a frame, and what ran the network."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{address}/live_prediction?lang=en&source=live&where={way}&model=run:{run_id}")
    page.get_by_role("button", name="Open the camera").click()
    page.locator(".live[data-by]").wait_for()
    page.wait_for_timeout(SETTLED_MS)
    before, cpu_before_s = shown(page), browser_cpu_s()
    page.wait_for_timeout(MEASURED_MS)
    after, cpu_s = shown(page), browser_cpu_s() - cpu_before_s
    page.close()
    frames = int(after["shown"]) - int(before["shown"])
    return {
        "by": f"{way} ({after['by']})",
        "frames/s": round(1000 * frames / MEASURED_MS, 1),
        "ms": float(after["ms"]),
        "ms of the browser's processor time a frame": round(1000 * cpu_s / frames, 1),
    }


def shown(page: Any) -> dict[str, str]:
    """What the component says of itself."""
    return dict(page.locator(".live").evaluate("root => ({...root.dataset})"))


def browser_cpu_s() -> float:
    """Processor time of the processes that draw pages: it says what a calm machine would do where this one is busy."""
    total = 0.0
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if "--type=renderer" in process.cmdline():
                times = process.cpu_times()
                total += times.user + times.system
    return total
