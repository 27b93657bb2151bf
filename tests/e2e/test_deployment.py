"""The app behind its proxy, in two replicas, on workers that they share: one of each is lost on the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from scripts.browsing import DESKTOP
from scripts.deployment import deployed
from tests.e2e.browsers import WatchedBrowser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PATIENCE_MS = 120_000
RESULT = "The result on images that were never used"
LESSON = "feature_extraction?lang=en&base=LeNet5Modern&weights=random&units=16&epochs=3"


def test_the_lesson_survives_the_loss_of_a_replica_and_of_a_worker(chromium: Any, nginx: str, tmp_path: Path) -> None:
    browser = WatchedBrowser(chromium)
    with deployed(tmp_path, nginx) as lab:
        page = browser.new_context(locale="en-US", viewport=DESKTOP).new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{lab.address}/datasets?lang=en&source=helmets&images=40&size=32")
        page.get_by_role("button", name="Prepare these images").click()
        page.locator(".st-key-datasets-counts").wait_for()
        accuracy = train(page, f"{lab.address}/{LESSON}")

        port = lab.replica_in_use()
        lab.replicas[port].kill()
        lab.replicas[port].wait()
        page.reload()
        page.get_by_role("heading", name=RESULT).wait_for()
        assert page.get_by_test_id("stMetricValue").first.inner_text() == accuracy, "found on the other replica"

        lab.kill_worker("training")
        assert train(page, f"{lab.address}/{LESSON}"), "on the worker that replaced the lost one"

        with urlopen(f"{lab.address}/") as reply:
            said = ("X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy")
            assert [reply.headers.get_all(name) for name in said] == [["nosniff"], ["SAMEORIGIN"], ["same-origin"]]
            cookies = sorted(cookie.partition("=")[0] for cookie in reply.headers.get_all("Set-Cookie"))
            assert cookies == ["tlcore_owner", "tlcore_replica"]
        with pytest.raises(HTTPError, match="404"):
            urlopen(f"{lab.address}/_stcore/metrics")
        browser.close()
    refused = [fault for fault in browser.faults if "leaves this machine" in fault or "Security Policy" in fault]
    assert refused == [], "the page does nothing that the proxy's rules forbid"


def train(page: Any, lesson: str) -> str:
    """Trains on the chosen images; returns the accuracy as the page shows it."""
    page.goto(lesson)
    page.get_by_role("button", name="Train", exact=True, disabled=False).click()
    page.get_by_role("heading", name=RESULT).wait_for()
    return str(page.get_by_test_id("stMetricValue").first.inner_text())
