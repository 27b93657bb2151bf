"""Whoever asks for one element waits until there is one, not two.

While Streamlit draws a page anew, a part that moves stands there twice until the run of the page ends: faded where it
was, and new where it goes. Playwright waits for an element that is missing, but refuses two at once, so that on a slow
machine a test would fail for a moment that a person does not even see.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

#: What the tests ask of one element.
ASKED = (
    "bounding_box",
    "click",
    "evaluate",
    "fill",
    "focus",
    "get_attribute",
    "inner_text",
    "input_value",
    "press",
    "scroll_into_view_if_needed",
    "set_input_files",
    "text_content",
    "wait_for",
)
PATIENCE_S = 60
REFUSED = "strict mode violation"


@contextmanager
def waiting_for_one() -> Iterator[None]:
    """Within it, Playwright's locators wait up to a minute for the second of two to go; then they refuse as always."""
    from playwright.sync_api import Locator

    before = {name: getattr(Locator, name) for name in ASKED}
    for name, method in before.items():
        setattr(Locator, name, _patient(method))
    try:
        yield
    finally:
        for name, method in before.items():
            setattr(Locator, name, method)


def _patient(method: Callable[..., Any]) -> Callable[..., Any]:
    from playwright.sync_api import Error, Locator

    @functools.wraps(method)
    def ask(locator: Locator, *arguments: Any, **options: Any) -> Any:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                return method(locator, *arguments, **options)
            except Error as error:
                if REFUSED not in error.message or time.monotonic() > deadline:
                    raise
            locator.page.wait_for_timeout(100)

    return ask
