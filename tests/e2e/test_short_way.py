"""The short way on a phone: from Home to an answer in three clicks, nothing to look for, nothing lost by a reload."""

from __future__ import annotations

import re
from typing import Any

import pytest

from scripts.browsing import PHONE, settle
from tests.e2e.accessibility import faults
from tests.e2e.browsers import WatchedBrowser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

PATIENCE_MS = 300_000
ANSWER = re.compile("A rede diz “|Não sei: a mais provável é “")


def press_in_sight(page: Any, name: str) -> None:
    """Clicks a button that has to be on the screen as it is, without scrolling."""
    button = page.get_by_role("button", name=name, exact=True, disabled=False)
    button.wait_for()
    settle(page)
    box = button.bounding_box()
    assert box["y"] >= 0, name
    assert box["y"] + box["height"] <= PHONE["height"], name
    button.click()


def test_three_clicks_on_a_phone_and_every_reload_finds_what_was_there(
    browser: WatchedBrowser, app_address: str
) -> None:
    page = browser.new_context(locale="pt-BR", viewport=PHONE).new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(app_address)
    press_in_sight(page, "Treine sua primeira rede")
    press_in_sight(page, "Treinar")
    steps = page.get_by_role("heading", name="As duas etapas", exact=True)
    steps.wait_for()
    page.reload()  # the run goes on, and is found
    page.get_by_role("heading", name="O resultado em imagens nunca usadas").wait_for()
    result = page.get_by_test_id("stMetricValue").first.inner_text()
    settle(page)

    press_in_sight(page, "Treinar")  # with the same settings: quick, since the features are kept
    page.wait_for_function("document.activeElement.className.includes('feature_extraction-result')")
    press_in_sight(page, "imagem 1")
    page.get_by_text(ANSWER).first.wait_for()
    page.wait_for_function("document.activeElement.className.includes('feature_extraction-answer')")
    page.get_by_text(re.compile("É “.*”: (acertou|errou)")).wait_for()
    assert page.get_by_test_id("stMetricValue").first.inner_text() == result, "the same seed, the same result"
    assert faults(page, "pt") == []

    page.reload()
    page.get_by_role("heading", name="O resultado em imagens nunca usadas").wait_for()
    page.get_by_role("button", name="imagem 1", exact=True).wait_for()
    assert page.get_by_test_id("stMetricValue").first.inner_text() == result
