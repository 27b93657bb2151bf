"""Fine-tuning in a browser, as a person uses it: with the smallest settings, on real workers."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.browsing import settle
from tests.e2e.browsers import WatchedBrowser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1200)]

PATIENCE_MS = 240_000  # workers that load TensorFlow on a busy machine of two cores
SMALLEST = "base=VGG16Slim&weights=random&head=16&pooling=average"  # the lecture's counts are those of its shape
EPOCH_NOW = "parseInt(document.querySelector('[data-testid=stMetricValue]')?.innerText ?? '0')"
TABLE_OF_RUNS = """number => [...document.querySelectorAll('[class*="st-key-fine_tuning-runs-"]')]
  .some(table => new RegExp(`st-key-fine_tuning-runs-[^ ]{${4 * number}}( |$)`).test(table.className))"""
OpenPage = Callable[..., Any]


@pytest.fixture
def open_page(app_address: str, browser: WatchedBrowser) -> OpenPage:
    """Opens the page as a new person, with the ready digits chosen."""

    def open_page(settings: str, *, data: bool = True) -> Any:
        context = browser.new_context(viewport={"width": 1280, "height": 1000}, locale="en-US")
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.goto(f"{app_address}/fine_tuning?lang=en&{SMALLEST}&{settings}")
        if data:
            page.get_by_role("button", name="Take 120 digits").click()
            page.get_by_text("120 images of 10 classes").wait_for()
        return page

    return open_page


def press(page: Any, name: str) -> None:
    """Clicks the button that can be clicked: while a page is drawn anew, a faded one of before may still be there."""
    page.get_by_role("button", name=name, exact=True, disabled=False).click()


def epochs(page: Any) -> str:
    """What the large counter says."""
    counter = page.get_by_test_id("stMetric").filter(has_text="Epoch").first
    return str(counter.get_by_test_id("stMetricValue").inner_text())


def wait_for_test(page: Any) -> None:
    page.get_by_role("heading", name="On images that were never used").wait_for()


def test_five_steps_what_is_taken_along_and_two_equal_runs(open_page: OpenPage, runtime: Path) -> None:
    page = open_page("epochs=1&fine_epochs=1")
    page.get_by_text("Trainable tensors: 30 → 4").first.wait_for()
    press(page, "Train the head only")
    wait_for_test(page)
    assert epochs(page) == "1 / 1"
    press(page, "Unfreeze and retrain")
    page.get_by_text("2 / 2").first.wait_for()
    wait_for_test(page)
    page.get_by_test_id("stExpander").filter(has_text="What it cost").wait_for()
    page.get_by_text("Your runs, side by side").wait_for()
    press(page, "One more epoch")
    page.get_by_text("3 / 3").first.wait_for()
    wait_for_test(page)
    for _time in range(3):
        settle(page)
        with page.expect_download() as download:
            press(page, "Project file")
        assert zipfile.is_zipfile(download.value.path())
    settle(page)
    page.get_by_role("button", name="Keep it in this browser").click()
    page.get_by_text("Kept in this browser. It is listed").wait_for()

    for equal in (4, 5):
        press(page, "Again, same seed")
        page.wait_for_function(TABLE_OF_RUNS, arg=equal, polling=200)
    wait_for_test(page)
    for _attempt in range(5):  # a rerun closes a list that is open
        page.get_by_role("combobox", name="Go on with one of these runs").click()
        page.wait_for_timeout(1000)
        if page.get_by_role("option").count():
            break
    titles = page.get_by_role("option").all_inner_texts()
    assert len(set(titles)) == len(titles) == 5
    page.keyboard.press("Escape")
    press(page, "Open it in the explorer")
    page.get_by_role("heading", name="Architecture explorer").wait_for()  # the page before has a box for networks too
    network = page.get_by_role("combobox", name="Network")
    network.wait_for()
    shown = network.input_value()
    assert "trained here: 5." in shown
    page.get_by_text("Graph", exact=True).click()
    page.get_by_test_id("stGraphVizChart").wait_for()
    assert network.input_value() == shown

    page.context.clear_cookies()  # another session, for which this server has nothing
    page.goto(f"{page.url.partition('/architecture')[0]}/fine_tuning?lang=en")
    kept = page.get_by_role("button", name="Open: ")
    kept.wait_for()
    settle(page)
    kept.click()
    wait_for_test(page)
    page.get_by_role("button", name="Delete: ").click()
    page.get_by_role("button", name="Delete for good: ").click()
    kept.wait_for(state="detached")
    press(page, "Predict with it")
    page.get_by_role("heading", name="Live prediction").wait_for()
    page.wait_for_url(re.compile("model=run"))
    page.context.grant_permissions(["camera"])
    page.goto(f"{page.url}&source=live&beside=before")
    press(page, "Open the camera")
    page.locator(".live.two[data-by=wasm][data-beside]").wait_for()  # before and after, on the same frame


def test_stop_reload_in_mid_training_and_continue(open_page: OpenPage) -> None:
    page = open_page("epochs=1000&fine_epochs=0&batch=1")
    press(page, "Start")
    page.get_by_text("Training accuracy").first.wait_for()
    page.reload()
    stop = page.locator(".st-key-fine_tuning-job-stop button")  # the toolbar has a Stop of its own
    stop.click()
    wait_for_test(page)
    page.wait_for_function(TABLE_OF_RUNS, arg=1, polling=200)
    assert page.get_by_text("Nothing was lost").count() == 0, "one text says what a stopped run has reached"
    stopped_at = int(epochs(page).split(" / ")[0])
    assert stopped_at < 1000
    press(page, "Continue")
    stop.wait_for()
    page.wait_for_function(f"() => {EPOCH_NOW} > {stopped_at}", polling=200)
    stop.click()
    page.get_by_role("button", name="Continue", exact=True).wait_for()
    assert int(epochs(page).split(" / ")[0]) > stopped_at


def test_breaking_it_moves_the_base_further_and_the_older_run_can_be_gone_on_with(open_page: OpenPage) -> None:
    page = open_page("epochs=1&fine_epochs=1")
    press(page, "Start")
    page.get_by_text("2 / 2").first.wait_for()
    wait_for_test(page)
    page.get_by_text("Unfrozen from the start", exact=True).first.click()
    press(page, "See what happens: unfreeze everything now")
    page.get_by_text("1 / 1").first.wait_for()
    wait_for_test(page)
    broken, right = downloaded_runs(page, 2)
    assert (right["setting.method"], broken["setting.method"]) == ("fine_tuning", "unfrozen")
    assert float(broken["drift"]) > 2 * float(right["drift"]) > 0
    page.get_by_role("combobox", name="Go on with one of these runs").click()
    page.get_by_role("option").filter(has_text="Fine-tuning, five steps").click()
    press(page, "Train on")
    page.get_by_text("7 / 7").first.wait_for()
    wait_for_test(page)
    assert [run["epochs"] for run in downloaded_runs(page, 3)] == ["7", "1", "2"]


def downloaded_runs(page: Any, number: int) -> list[dict[str, str]]:
    """The table of `number` runs as the person gets it, the newest run first.

    While a run goes on, the table is still that of the runs before it; each table has a key that grows with its runs.
    """
    page.wait_for_function(TABLE_OF_RUNS, arg=number, polling=200)
    page.locator("[data-test-script-state=notRunning]").wait_for()
    with page.expect_download() as download:
        press(page, "Download the table (CSV)")
    with Path(download.value.path()).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
