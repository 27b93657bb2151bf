"""Takes a picture of every page and state: `python -m scripts.pictures FOLDER`.

Whole pages, in both themes and languages, on a desktop's and a phone's screen; `--page`, `--theme`, `--language` and
`--screen` choose some. A person is followed: first as a newcomer, then with images, then with a trained network.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pages.ui.common.navigation import STOPS
from scripts.browsing import SCREENS, find_chromium, open_chromium, running_app, settle
from scripts.journey import PATIENCE_MS, choose_images

THEMES, LANGUAGES = ("light", "dark"), ("pt-BR", "en")
_EXPLORER_TABS = ("table", "field", "weights", "activations", "graph", "volume", "compare", "all")
#: Page -> states that a link leads to: name -> what the link says.
STATES: dict[str, dict[str, str]] = {
    "architecture_explorer": {tab: f"network=VGG16Slim&top=0&layer=block3_conv2&tab={tab}" for tab in _EXPLORER_TABS},
    "datasets": {"upload": "source=upload"},
    "feature_extraction": {view: f"view={view}" for view in ("channels", "map", "neighbours")},
    "experiments": {claim: f"experiment={claim}" for claim in ("three_ways", "shortcuts")},
}
_MOST_PIXELS = 12_000  # of a page's height


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.pictures", description=__doc__)
    parser.add_argument("folder", type=Path)
    pages = [stop.url_path for stop in STOPS]
    parser.add_argument("--page", nargs="+", choices=pages, default=pages)
    parser.add_argument("--theme", nargs="+", choices=THEMES, default=THEMES)
    parser.add_argument("--language", nargs="+", choices=LANGUAGES, default=LANGUAGES)
    parser.add_argument("--screen", nargs="+", choices=list(SCREENS), default=list(SCREENS))
    asked = parser.parse_args(arguments)
    chromium = find_chromium()
    if chromium is None:
        parser.error("Needs Chromium; none was found. Install it, or set TLCORE_CHROMIUM to its path.")
    asked.folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as home,
        running_app(Path(home)) as address,
        open_chromium(chromium) as browser,
    ):
        cookies: list[Any] = []
        for state, wanted in (("newcomer", False), ("trained", True)):
            if wanted:
                cookies = _a_trained_person(browser, address)
            for theme in asked.theme:
                context = browser.new_context(color_scheme=theme)
                context.add_cookies(cookies)
                page = context.new_page()
                page.set_default_timeout(PATIENCE_MS)
                for name, address_of_page in _addresses(asked.page, address, trained=wanted):
                    for language in asked.language:
                        page.goto(address_of_page + f"&lang={language}")
                        for screen in asked.screen:
                            path = asked.folder / f"{name}-{state}-{screen}-{theme}-{language}.png"
                            _take(page, SCREENS[screen], path)
                            print(path, flush=True)
                context.close()
    return 0


def _addresses(pages: list[str], address: str, *, trained: bool) -> Iterator[tuple[str, str]]:
    for page in pages:
        yield page, f"{address}/{'' if page == STOPS[0].url_path else page}?"
        if trained:
            for state, query in STATES.get(page, {}).items():
                yield f"{page}-{state}", f"{address}/{page}?{query}"


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
