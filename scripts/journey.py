"""Counts how far a new person has to go: `python -m scripts.journey [--json] [--language en]`.

For every page, on a desktop's and a phone's screen: how many words are read above the first control and above the
primary action, and how many pixels down that action lies; as a newcomer meets the page, and with images chosen. And
for the way from Home to the first answer, and through the pages that train, choose images and measure: how many clicks
it takes, and whether the next thing to press, and what a press leads to, is in sight.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from scripts.browsing import SCREENS, find_chromium, open_chromium, running_app, settle

PATIENCE_MS = 240_000  # a worker that loads TensorFlow
#: Page -> what a person comes there to do; the first of these that is there.
PRIMARY = {
    "home": ["button[kind=primary]", "a[data-testid=stPageLink-NavLink]"],
    "architecture_explorer": ["[data-testid=stSelectbox]"],
    "datasets": ["button[kind=primary]"],
    "feature_extraction": ["button[kind=primary]"],
    "fine_tuning": ["button[kind=primary]"],
    "live_prediction": ["button[kind=primary]", "[data-testid=stFileUploader]"],
    "experiments": ["[data-testid=stButton] button"],
    "museum": ["[data-testid=stButton] button"],
    "classroom": ["[data-testid=stFormSubmitButton] button"],
}
_COUNT = r"""selectors => {
  const main = document.querySelector('[data-testid=stMain]');
  const shown = element => element.checkVisibility({opacityProperty: true, visibilityProperty: true});
  const top = element => element.getBoundingClientRect().top + main.scrollTop;
  const controls = 'button, a[href], input, textarea, [role=slider], [role=combobox]';
  const first = [...main.querySelectorAll(controls)].filter(element => shown(element)
    && element.getBoundingClientRect().width > 1
    && !element.closest('.stTooltipIcon, [data-testid=stElementToolbar]')).map(top).sort((a, b) => a - b)[0];
  const primary = selectors.map(selector => [...main.querySelectorAll(selector)].find(shown)).find(Boolean);
  const above = limit => {
    let words = 0;
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!shown(element) || element.closest('[data-testid=stIconMaterial], [translate=no], style, script')) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const box = range.getBoundingClientRect();
      if (box.width > 1 && box.bottom + main.scrollTop <= limit + 1)
        words += (node.data.match(/[\p{L}\p{N}][\p{L}\p{N}.,'’-]*/gu) || []).length;
    }
    return words;
  };
  const limit = primary ? top(primary) : NaN;
  return {words_above_first_control: above(first), words_above_primary: above(limit), primary_px: Math.round(limit)};
}"""


@dataclass(frozen=True)
class PageCount:
    """One page in one state on one screen."""

    page: str
    state: str
    screen: str
    words_above_first_control: int
    words_above_primary: int
    primary_px: int | None


@dataclass
class Walk:
    """A way to an answer, in the clicks that it takes, and what of it was not in sight."""

    name: str
    screen: str
    clicks: list[str] = field(default_factory=list)
    out_of_sight: list[str] = field(default_factory=list)


class Walker:
    """A person who clicks their way through; counts each click, and notes what had to be scrolled to."""

    def __init__(self, page: Any, walk: Walk) -> None:
        self.page, self.walk = page, walk

    def click(self, name: str, control: Any) -> None:
        """Presses a control once it can be pressed."""
        self._look(name, control)
        control.click()

    def bring(self, name: str, box: Any, files: Any) -> None:
        """Opens a file dialog and chooses in it: one click, as the dialog itself is the same everywhere."""
        self._look(name, box)
        box.scroll_into_view_if_needed()
        box.locator("input[type=file]").set_input_files(files)

    def see(self, name: str, part: Any) -> None:
        """Waits for what a step leads to, which should be in sight then, too."""
        part.first.wait_for()
        settle(self.page)
        self._note(name, part.first)

    def _look(self, name: str, control: Any) -> None:
        control.wait_for()
        settle(self.page)
        self.walk.clicks.append(name)
        self._note(name, control)

    def _note(self, name: str, element: Any) -> None:
        element.wait_for()  # it may have been drawn anew meanwhile
        box, height = element.bounding_box(), self.page.viewport_size["height"]
        if box["y"] < 0 or box["y"] + min(box["height"], 60) > height:
            self.walk.out_of_sight.append(f"{name} ({round(box['y'])} px)")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.journey", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--language", default="pt-BR")
    asked = parser.parse_args(arguments)
    chromium = find_chromium()
    if chromium is None:
        parser.error("Needs Chromium; none was found. Install it, or set TLCORE_CHROMIUM to its path.")
    with (
        tempfile.TemporaryDirectory() as folder,
        running_app(Path(folder)) as address,
        open_chromium(chromium) as browser,
    ):
        walks = [_walked(browser, address, name, screen, Path(folder)) for name in WALKS for screen in SCREENS]
        counts = _page_counts(browser, address, asked.language)
    if asked.json:
        print(json.dumps({"walks": [asdict(walk) for walk in walks], "pages": [asdict(count) for count in counts]}))
    else:
        _print(walks, counts)
    return 0


def _page_counts(browser: Any, address: str, language: str) -> list[PageCount]:
    counts = []
    for screen, size in SCREENS.items():
        for state in ("newcomer", "images chosen"):
            page = browser.new_context(viewport=size).new_page()
            page.set_default_timeout(PATIENCE_MS)
            if state == "images chosen":
                choose_images(page, address)
            for name, selectors in PRIMARY.items():
                page.goto(f"{address}/{'' if name == 'home' else name}?lang={language}")
                page.get_by_test_id("stMain").locator(", ".join(selectors)).first.wait_for(state="attached")
                settle(page)
                counted = page.evaluate(_COUNT, selectors)
                counts.append(PageCount(name, state, screen, **counted))
                print(counts[-1], file=sys.stderr, flush=True)
            page.context.close()
    return counts


def choose_images(page: Any, address: str) -> None:
    """Chooses the drawn hard hats, as a person does."""
    page.goto(f"{address}/datasets?lang=en")
    page.get_by_role("button", name="Prepare these images").click()
    page.get_by_text("What is in “").wait_for()
    settle(page)


def _walked(browser: Any, address: str, name: str, screen: str, folder: Path) -> Walk:
    page = browser.new_context(viewport=SCREENS[screen]).new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{address}/{STARTS.get(name, '')}?lang=en")
    walk = Walk(name, screen)
    WALKS[name](Walker(page, walk), folder)
    page.context.close()
    return walk


def _ready_set(walker: Walker, _folder: Path) -> None:
    page = walker.page
    walker.click("Train your first network", page.get_by_role("button", name="Train your first network"))
    walker.click("Train", page.get_by_role("button", name="Train", exact=True))
    walker.click("image 1", page.get_by_role("button", name="image 1", exact=True))
    _answer_in_sight(walker)


def _own_photos(walker: Walker, folder: Path) -> None:
    page = walker.page
    photos = list(drawn_photos(folder).values())
    walker.click("Train your first network", page.get_by_role("button", name="Train your first network"))
    walker.click("My own photos", page.get_by_text("My own photos", exact=True))
    for number, files in enumerate(photos):
        walker.bring(f"Photos of class {number + 1}", page.get_by_test_id("stFileUploader").nth(number), files)
    walker.click("Train", page.get_by_role("button", name="Train", exact=True, disabled=False))
    page.get_by_text("Test accuracy").first.wait_for()
    walker.bring("Your own photo", page.locator(".st-key-feature_extraction-try_file"), photos[0][0])
    _answer_in_sight(walker)


def _answer_in_sight(walker: Walker) -> None:
    page = walker.page
    walker.see("the answer", page.get_by_text("The network says “").or_(page.get_by_text("Not sure: the likeliest")))


def _fine_tuning(walker: Walker, _folder: Path) -> None:
    page = walker.page
    walker.click("Take 400 drawn hard hats", page.get_by_role("button", name="Take 400 drawn hard hats"))
    walker.click("Start", page.get_by_role("button", name="Start", exact=True, disabled=False))
    walker.see("the curves", page.locator(".st-key-fine_tuning-numbers"))
    page.get_by_text("Test accuracy").first.wait_for()
    walker.see("the result", page.get_by_text("Test accuracy"))
    walker.click("Predict with it", page.get_by_role("button", name="Predict with it"))


def _datasets(walker: Walker, _folder: Path) -> None:
    page = walker.page
    walker.click("Prepare these images", page.get_by_role("button", name="Prepare these images"))
    walker.click("Train with these images", page.get_by_role("link", name="Train with these images"))
    walker.click("Train", page.get_by_role("button", name="Train", exact=True, disabled=False))


def _experiments(walker: Walker, _folder: Path) -> None:
    page = walker.page
    walker.click("a claim", page.get_by_role("button", name=re.compile("holds|fails|unclear")).first)
    walker.click("Show results without guessing", page.get_by_role("button", name="Show results without guessing"))
    walker.see("what was measured", page.get_by_text("on these data").or_(page.get_by_text("do not decide the claim")))


WALKS: dict[str, Callable[[Walker, Path], None]] = {
    "ready set": _ready_set,
    "own photos": _own_photos,
    "fine-tuning": _fine_tuning,
    "images": _datasets,
    "experiments": _experiments,
}
#: Walks that begin elsewhere than at Home.
STARTS = {"fine-tuning": "fine_tuning", "images": "datasets", "experiments": "experiments"}


def drawn_photos(folder: Path, per_class: int = 12) -> dict[str, list[Path]]:
    """Class -> picture files, as a person who brings photos has them."""
    from PIL import Image

    from tlcore.datasets.helmets import draw_worker

    photos: dict[str, list[Path]] = {"hat": [], "bare": []}
    for index in range(2 * per_class):
        path = folder / f"photo-{index}.png"
        Image.fromarray(draw_worker(7, index)).save(path)
        photos["hat" if index % 2 else "bare"].append(path)
    return photos


def _print(walks: list[Walk], counts: list[PageCount]) -> None:
    for walk in walks:
        print(f"{walk.name}, {walk.screen}: {len(walk.clicks)} clicks: {' > '.join(walk.clicks)}")
        print(f"  not in sight: {', '.join(walk.out_of_sight) or 'nothing'}")
    print("\n| page | state | screen | words above the first control | above the primary action | pixels to it |")
    print("|---|---|---|---|---|---|")
    for count in counts:
        print("| " + " | ".join(str(value) for value in asdict(count).values()) + " |")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
