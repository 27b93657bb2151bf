"""From choosing a network in the explorer to its table on the screen: from the catalog, and at a size not asked before.

The clock is the browser's: it starts with the Enter key that chooses and stops at the first animation frame in which
the figures above the table are new and the page has stopped running, that is, when the table has arrived too.

At a size that was never asked before Keras builds the network without values, 0.8 processor seconds for the 1,039
layers of NASNetLarge and 0.5 for ResNet152; the rest is the page, as from the catalog.
"""

from __future__ import annotations

from math import ceil
from typing import Any

from benchmarks.lab_session import chromium, serving
from tlcore.architectures import get_architecture

NAME = "explorer"
NETWORKS = ("ResNet152", "NASNetLarge", "VGG16")
ROUNDS = 7
NEW_SIZES = 5
STEP = 32  # a larger picture by this much has a larger last map, so the figures change
TIMEOUT_MS = 300_000
CATALOG_AIM_S, NEW_SIZE_AIM_S = 0.4, 2.0
WATCH = """
() => {
  const figures = () => [...document.querySelectorAll('[data-testid=stMetricValue]')].map(f => f.innerText).join('|');
  const idle = () => document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning';
  const before = figures();
  window.newTable = new Promise(resolve => {
    document.addEventListener('keydown', event => {
      if (event.key !== 'Enter') return;
      const chosen = performance.now();
      const look = () => figures() && figures() !== before && idle()
        ? resolve((performance.now() - chosen) / 1000)
        : requestAnimationFrame(look);
      requestAnimationFrame(look);
    }, {capture: true});
  });
}
"""


def measure() -> list[dict[str, Any]]:
    """The 95th percentile for each network."""
    catalog: dict[str, list[float]] = {name: [] for name in NETWORKS}
    new_size: dict[str, list[float]] = {name: [] for name in NETWORKS}
    with chromium() as browser, serving() as lab, browser.new_context(locale="en-US") as context:
        page = context.new_page()
        page.set_default_timeout(TIMEOUT_MS)
        _open(page, lab.url)
        for _ in range(ROUNDS):
            for name in NETWORKS:
                catalog[name].append(_choose(page, name))
        for name in NETWORKS:
            _choose(page, name)
            first = get_architecture(name).default_input_shape[0] + STEP
            new_size[name] = [_resize(page, first + STEP * number) for number in range(NEW_SIZES)]
    return [
        *(_result(f"{name}, from the catalog", catalog[name], CATALOG_AIM_S) for name in NETWORKS),
        *(_result(f"{name}, a size never asked before", new_size[name], NEW_SIZE_AIM_S) for name in NETWORKS),
    ]


def _open(page: Any, url: str) -> None:
    """The explorer without dense layers, once the engine is ready."""
    page.goto(f"{url}/?lang=en")
    page.get_by_text("The engine is ready.").wait_for()
    page.goto(f"{url}/architecture_explorer?lang=en&network=VGG16&size=224&top=0")
    page.locator("[data-testid=stMetricValue]").first.wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def _choose(page: Any, name: str) -> float:
    box = page.get_by_role("combobox", name="Network").first
    box.click()
    box.fill(get_architecture(name).title + " (")
    page.get_by_role("option").first.wait_for()
    return _timed(page, lambda: page.keyboard.press("Enter"))


def _resize(page: Any, size: int) -> float:
    field = page.get_by_role("spinbutton", name="Side of the image").first
    field.fill(str(size))
    return _timed(page, lambda: field.press("Enter"))


def _timed(page: Any, act: Any) -> float:
    page.evaluate(WATCH)
    act()
    return float(page.evaluate("() => window.newTable"))


def _result(case: str, times: list[float], aim_s: float) -> dict[str, Any]:
    worst = sorted(times)[ceil(0.95 * len(times)) - 1]
    return {"case": case, "value": round(worst, 3), "unit": f"s (p95 of {len(times)})", "aim": aim_s}
