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
from tlcore.engine.tasks.trained_run import kept_runs
from tlcore.engine.tasks.unfinished import CHECKPOINT_FILE, interrupted_runs
from tlcore.settings import Settings
from tlcore.store import OwnerStore

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1200)]

PATIENCE_MS = 240_000  # workers that load TensorFlow on a busy machine of two cores
#: More epochs than any machine has done before the worker is lost; at the end the person stops them.
TRAINING = "fine_tuning?lang=en&base=LeNet5Modern&weights=random&method=scratch&head=8&batch=4&epochs=1000"
EPOCH = "parseInt(document.querySelector('[data-testid=stMetricValue]')?.innerText.replace(',', '') ?? '0')"
WORKERS = {"one": "both", "other": "both"}


def test_a_training_survives_the_loss_of_its_worker_and_of_its_replica(
    chromium: Any, nginx: str, tmp_path: Path
) -> None:
    browser = WatchedBrowser(chromium)
    with deployed(tmp_path, nginx, roles=WORKERS) as lab:
        page = browser.new_context(locale="en-US", viewport=DESKTOP).new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{lab.address}/{TRAINING}")
        page.get_by_role("button", name="Take 120 digits").click()
        page.get_by_role("button", name="Start", exact=True, disabled=False).click()
        page.wait_for_function(f"{EPOCH} >= 3")

        store = store_of(page, tmp_path)
        lab.lose(next(name for name in WORKERS if trains(tmp_path / f"home of {name}")))
        lab.lose(f"app-{lab.replica_in_use()}")
        page.reload()
        page.get_by_role("button", name="Continue", exact=True, disabled=False).wait_for()
        (interrupted,) = interrupted_runs(store)
        epochs = len(interrupted.rows)
        page.get_by_role("button", name="Continue", exact=True, disabled=False).click()
        page.wait_for_function(f"{EPOCH} > {epochs}")
        page.get_by_role("button", name="Stop", exact=True, disabled=False).click()
        page.get_by_role("heading", name="On images that were never used").wait_for()
        (kept,) = kept_runs(store)
        seconds = [row["seconds"] for row in kept.run.history]
        assert seconds[:epochs] == [row["seconds"] for row in interrupted.rows], "these were not trained again"
        assert len(seconds) > epochs

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


def trains(home: Path) -> bool:
    """Whether a worker has kept the state of a run in its home."""
    return any(home.glob(f"owners/*/unfinished/*/{CHECKPOINT_FILE}"))


def store_of(page: Any, folder: Path) -> OwnerStore:
    """What is kept of the person whose page it is, as one more machine finds it."""
    (owner,) = (cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "tlcore_owner")
    settings = Settings(home=folder / "home of a reader", store=(folder / "store").as_uri())
    return OwnerStore(owner.partition(".")[0], settings)
