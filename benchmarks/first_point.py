"""From the click that trains to the first point of the curve on the screen, the engine being warm: on both pages.

The clock is the browser's: it starts with the click event and stops at the first animation frame in which the chart of
the new run has a point.

Where the time goes on the first page, in processor seconds of the worker, features known (EfficientNetLite0, 100 images
of 150x150, the lecture's head of 8 million weights): 0.1 until the head is built, on the base that the worker has ready
(a base of its own would cost 0.7 to 1.2), 0.1 for the features, 0.4 for tracing and the first epoch; the nine others
and keeping the run take 1.1 more. The rest is the web process: the run of the script that takes the click, and the
drawing of the chart, which Streamlit and plotly do. In five steps the base is the run's own: 0.5 to 1.0 for the first
run; the worker then builds the base of the next one while it has nothing to do, which leaves 0.2. Tracing and the first
epoch take 0.5.
"""

from __future__ import annotations

from statistics import median
from typing import Any

from benchmarks.lab_session import chromium, serving

NAME = "first_point"
REPEATS = 5
NUM_IMAGES = 100
TIMEOUT_MS = 180_000
CHARTS = ("st-key-curve-accuracy", "st-key-fine_tuning-live-")
WATCH = """
name => {
  const charts = () => [...document.querySelectorAll(`[class*="${name}"]`)];
  const known = new Set(charts().flatMap(chart => [...chart.classList]));
  const isNew = chart => [...chart.classList].some(name => name.startsWith('st-key-') && !known.has(name));
  window.firstPoint = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('no point within a minute of the click')), 60000);
    document.addEventListener('click', () => {
      const clicked = performance.now();
      const drawn = '.scatterlayer .point, .scatterlayer .js-line';
      const look = () => charts().some(chart => isNew(chart) && chart.querySelector(drawn))
        ? resolve((performance.now() - clicked) / 1000)
        : requestAnimationFrame(look);
      requestAnimationFrame(look);
    }, {capture: true, once: true});
  });
}
"""


def measure() -> list[dict[str, Any]]:
    """For each page the first run after the start, and the median of the following ones."""
    with chromium() as browser, serving() as lab, browser.new_context(locale="en-US") as context:
        page = context.new_page()
        page.set_default_timeout(TIMEOUT_MS)
        _prepare(page, lab.url)
        head = [_train_head(page) for _ in range(REPEATS)]
        page.goto(f"{lab.url}/fine_tuning?lang=en")
        steps = [_train_in_steps(page) for _ in range(REPEATS)]
    return [*_rows("feature extraction", head), *_rows("five steps", steps)]


def _rows(page: str, times: list[float]) -> list[dict[str, Any]]:
    return [
        {"case": f"{page}: click to first point, first run", "value": round(times[0], 2), "unit": "s"},
        {
            "case": f"{page}: click to first point, median of {REPEATS - 1} more",
            "value": round(median(times[1:]), 2),
            "unit": "s",
            "aim": 1.0,
        },
    ]


def _prepare(page: Any, url: str) -> None:
    """Images and features, as a person makes them."""
    page.goto(f"{url}/datasets?lang=en&source=helmets&images={NUM_IMAGES}")
    page.get_by_role("button", name="Prepare these images").click()
    page.locator(".st-key-datasets-counts").wait_for()
    page.get_by_role("link", name="Train with these images").first.click()
    page.get_by_role("button", name="Extract the features").click()
    page.get_by_text("What the base sees in these images").wait_for()


def _train_head(page: Any) -> float:
    return _first_point(page, page.get_by_role("button", name="Train", exact=True), CHARTS[0])


def _train_in_steps(page: Any) -> float:
    """From an untrained network each time."""
    return _first_point(page, page.get_by_role("button", name="Start", exact=True), CHARTS[1])


def _first_point(page: Any, button: Any, chart: str) -> float:
    """Seconds from the click on `button` to the first point in a `chart`; returns when the run has ended."""
    page.wait_for_function("button => !button.disabled", arg=button.element_handle())
    page.evaluate(WATCH, chart)
    button.click()
    seconds = float(page.evaluate("() => window.firstPoint"))
    ours = page.get_by_test_id("stMain").get_by_role("button", name="Stop")  # the toolbar has a Stop of its own
    ours.wait_for(state="detached")
    return seconds
