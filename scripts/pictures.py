"""Takes a picture of every page and state: `python -m scripts.pictures FOLDER`.

Whole pages, in both themes and languages, on a desktop's and a phone's screen; `--page`, `--person`, `--theme`,
`--language` and `--screen` choose some. A person is followed: as a newcomer, with images and a trained network, while a
run goes on, and after it was stopped. Ends with 1 where a page shows an exception.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pages.ui.common.navigation import STOPS
from scripts.browsing import SCREENS, find_chromium, open_chromium, running_app, settle
from scripts.journey import PATIENCE_MS, choose_images
from scripts.page_states import STATES, State

THEMES, LANGUAGES = ("light", "dark"), ("pt-BR", "en")
_SLOW_RUN = "fine_tuning?lang=en&method=frozen&cache=0&batch=8&epochs=300"  # minutes, in steps that can be stopped


_MOST_PIXELS = 12_000  # of a page's height


@dataclass(frozen=True)
class Situation:
    """Where a person is when a page is looked at.

    Attributes:
        page: Of the lesson, with the name of its state where it has one.
        person: "newcomer", "trained", "running" or "stopped".
        theme, language: As the page is shown.
    """

    page: str
    person: str
    theme: str
    language: str


Look = Callable[[Any, Situation], None]


def main(arguments: list[str]) -> int:
    parser = argument_parser("scripts.pictures", __doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--screen", nargs="+", choices=list(SCREENS), default=list(SCREENS))
    asked = parser.parse_args(arguments)
    asked.folder.mkdir(parents=True, exist_ok=True)
    broken: list[Path] = []

    def take(page: Any, at: Situation) -> None:
        for screen in asked.screen:
            path = asked.folder / f"{at.page}-{at.person}-{screen}-{at.theme}-{at.language}.png"
            _take(page, SCREENS[screen], path)
            print(path, flush=True)
            if page.get_by_test_id("stException").count():
                broken.append(path)

    with tempfile.TemporaryDirectory() as home:
        follow_people(asked, take, Path(home))
    print("\n".join(f"An exception is shown: {path}" for path in broken))
    return 1 if broken else 0


def argument_parser(name: str, description: str | None) -> argparse.ArgumentParser:
    """Of a script that looks at pages: which of them, in which situations."""
    parser = argparse.ArgumentParser(prog=f"python -m {name}", description=description)
    for argument, choices in (
        ("page", [stop.url_path for stop in STOPS]),
        ("person", ["newcomer", "trained", "running", "stopped"]),
        ("theme", list(THEMES)),
        ("language", list(LANGUAGES)),
    ):
        parser.add_argument(f"--{argument}", nargs="+", choices=choices, default=choices)
    return parser


def follow_people(asked: argparse.Namespace, look: Look, folder: Path) -> None:
    """Leads people to every page and state that is asked for, and looks there.

    Args:
        asked: What `argument_parser` has read.
        look: Called where a page stands still, on a desktop's screen.
        folder: Gets the home of the app.

    Raises:
        FileNotFoundError: There is no Chromium.
    """
    chromium = find_chromium()
    if chromium is None:
        raise FileNotFoundError("Needs Chromium; none was found. Install it, or set TLCORE_CHROMIUM to its path.")
    with running_app(folder) as address, open_chromium(chromium) as browser:
        _follow(browser, address, asked, look)


def _follow(browser: Any, address: str, asked: argparse.Namespace, look: Look) -> None:
    def follow(person: str, cookies: list[Any], addresses: list[tuple[str, str, State]]) -> None:
        if person in asked.person:
            for theme in asked.theme:
                with browser.new_context(color_scheme=theme) as context:
                    context.add_cookies(cookies)
                    _look_at(context.new_page(), Situation("", person, theme, ""), addresses, asked, look)

    follow("newcomer", [], list(_addresses(asked.page, address, trained=False)))
    if {"trained", "running", "stopped"} & set(asked.person):
        cookies = _a_trained_person(browser, address)
        follow("trained", cookies, list(_addresses(asked.page, address, trained=True)))
    if {"running", "stopped"} & set(asked.person):
        page = _with_a_slow_run(browser, address, cookies)
        trainer = [("fine_tuning", f"{address}/fine_tuning?", State())]
        follow("running", cookies, trainer)
        page.get_by_role("button", name="Stop", exact=True).click()
        page.get_by_role("button", name="Continue", disabled=False).wait_for()
        follow("stopped", cookies, trainer)


def _look_at(
    page: Any, at: Situation, addresses: list[tuple[str, str, State]], asked: argparse.Namespace, look: Look
) -> None:
    """Looks at each address in each language; a state that cannot be reached is named and passed over."""
    from playwright.sync_api import TimeoutError as NotThere

    page.set_default_timeout(PATIENCE_MS)
    for of_page, address, state in addresses:
        for language in asked.language:
            page.set_viewport_size(SCREENS["desktop"])
            try:
                page.goto(address + f"&lang={language}")
                settle(page)
                if state.act is not None:
                    state.act(page)
                look(page, replace(at, page=of_page, language=language))
            except NotThere as error:
                print(
                    f"Not reached: {of_page}, {language}: {error.message.splitlines()[0]}", file=sys.stderr, flush=True
                )


def _addresses(pages: list[str], address: str, *, trained: bool) -> Iterator[tuple[str, str, State]]:
    for page in pages:
        place = f"{address}/{'' if page == STOPS[0].url_path else page}?"  # the first page has no path of its own
        yield page, place, State()
        if trained:
            for name, state in STATES.get(page, {}).items():
                yield f"{page}-{name}", place + state.query, state


def _with_a_slow_run(browser: Any, address: str, cookies: list[Any]) -> Any:
    """The page on which a run goes on that takes minutes."""
    context = browser.new_context(viewport=SCREENS["desktop"])
    context.add_cookies(cookies)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{address}/{_SLOW_RUN}")
    page.get_by_role("button", name="Start", exact=True, disabled=False).click()
    page.get_by_text("Validation accuracy").first.wait_for()
    return page


def _a_trained_person(browser: Any, address: str) -> list[Any]:
    """Cookies of somebody who has chosen images and trained a network on each page that trains."""
    context = browser.new_context(viewport=SCREENS["desktop"])
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    choose_images(page, address)
    page.goto(f"{address}/feature_extraction?lang=en")
    page.get_by_role("button", name="Train", exact=True, disabled=False).click()
    page.get_by_text("Test accuracy").first.wait_for()
    page.get_by_role("button", name="image 1", exact=True).click()
    page.get_by_text("The network says “").or_(page.get_by_text("Not sure: the likeliest is “")).first.wait_for()
    page.get_by_role("button", name="Look at all images with this base").click()
    page.get_by_text("One channel closely").wait_for()
    page.goto(f"{address}/fine_tuning?lang=en&epochs=3&fine_epochs=2")
    page.get_by_role("button", name="Start", exact=True, disabled=False).click()
    page.get_by_text("Test accuracy").first.wait_for()
    settle(page)
    cookies: list[Any] = context.cookies()
    context.close()
    return cookies


def _take(page: Any, size: dict[str, int], path: Path) -> None:
    """The whole page: the window is made as high as what it shows."""
    page.set_viewport_size(size)
    settle(page)
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": min(max(height, size["height"]), _MOST_PIXELS)})
    settle(page)
    page.screenshot(path=path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
