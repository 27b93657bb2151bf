"""The states that a page can be brought to by a link and some clicks, for scripts that look at every page."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PIL import Image

from scripts.browsing import settle
from tlcore.datasets.helmets import draw_worker

_EXPLORER_TABS = ("table", "field", "weights", "activations", "graph", "volume", "compare", "all")


@dataclass(frozen=True)
class State:
    """A page as a link, and then a person, leads to it.

    Attributes:
        query: What the link says.
        act: What the person does there; whatever the language.
    """

    query: str = ""
    act: Callable[[Any], None] | None = None


def _ask_about_a_test_image(page: Any) -> None:
    page.locator(".st-key-live_prediction-source button").nth(1).click()
    settle(page)  # until then, the answer to the photo before is shown
    page.locator(".st-key-live_prediction-answer .js-plotly-plot").first.wait_for()
    page.locator("figure img").first.wait_for()


def _bring_what_is_no_photo(page: Any) -> None:
    page.locator(".st-key-live_prediction-source button").nth(0).click()
    page.locator("input[type=file]").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": b"no photo"})
    page.get_by_test_id("stAlert").last.wait_for()


def _look_live(page: Any) -> None:
    page.context.grant_permissions(["camera"])
    page.locator(".live button.primary").first.click()
    page.locator(".live[data-by]").wait_for()


def _begin_to_teach(page: Any) -> None:
    page.context.grant_permissions(["camera"])
    page.locator(".st-key-home-teach_begin button").click()
    page.locator(".live button.primary").first.click()
    page.locator(".live .strip:not([hidden])").wait_for()


def _bring_several_photos(page: Any) -> None:
    page.locator(".st-key-live_prediction-source button").nth(0).click()
    page.locator("input[type=file]").set_input_files(
        [*_photos(3), {**_photos(1)[0], "name": "scan.jpg", "buffer": b"%PDF-1.7"}]
    )
    page.get_by_role("button", name=re.compile("^worker|%")).first.wait_for()
    page.locator(".st-key-live_prediction-answer .js-plotly-plot").first.wait_for()
    settle(page)  # until then, what is drawn anew is faded


def _bring_many_photos(page: Any) -> None:
    page.locator(".st-key-live_prediction-source button").nth(4).click()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number, photo in enumerate(_photos(24)):
            archive.writestr(f"{('no_hardhat', 'hardhat')[number % 2]}/{photo['name']}", photo["buffer"])
    box = page.locator("input[type=file][accept*=zip]")
    box.set_input_files({"name": "photos.zip", "mimeType": "application/zip", "buffer": packed.getvalue()})
    page.locator(".st-key-live_prediction-batch-ask button:enabled").click()
    page.locator(".st-key-live_prediction-batch .js-plotly-plot").first.wait_for()


def _photos(count: int) -> list[dict[str, Any]]:
    """Drawn workers as uploads, every second one with a hard hat."""
    files = [io.BytesIO() for _ in range(count)]
    for number, file in enumerate(files):
        Image.fromarray(draw_worker(7, number)).save(file, "PNG")
    return [
        {"name": f"worker{number}.png", "mimeType": "image/png", "buffer": file.getvalue()}
        for number, file in enumerate(files)
    ]


def _check_the_map(page: Any) -> None:
    _ask_about_a_test_image(page)
    page.locator(".st-key-live_prediction-check button").click()
    page.locator(".st-key-live_prediction-check figure img").first.wait_for()


def _reveal(page: Any) -> None:
    button = page.locator("[class*=st-key-experiments-][class*=-reveal] button")
    if button.is_enabled():  # what was revealed once stays so
        button.click()
    page.locator(".js-plotly-plot").first.wait_for()


def _open_the_lesson(page: Any) -> None:
    """What the lesson's line on top of a page says of its step; begun on Home where it is not open yet."""
    step = page.locator(".st-key-lesson-step button")
    if not step.count():
        page.goto(page.url.replace("/classroom", "/"))
        settle(page)
        page.locator(".st-key-home-lesson button").click()
        settle(page)
    step.click()
    page.locator(".st-key-lesson-told").wait_for()


def _look_up(page: Any) -> None:
    button = page.locator(".st-key-museum-look_up button")
    if button.count():  # what was looked up once stays so
        button.click()
    page.locator(".st-key-museum-compared .js-plotly-plot").wait_for()


#: Page -> states of somebody who has trained a network: name -> how to get there.
STATES: dict[str, dict[str, State]] = {
    "architecture_explorer": {
        **{tab: State(f"network=VGG16Slim&top=0&layer=block3_conv2&tab={tab}") for tab in _EXPLORER_TABS},
        "deep": State("network=ResNet152&tab=graph"),
        "refused": State("network=NoSuchNet&size=100000"),
    },
    "datasets": {
        "upload": State("source=upload"),
        "refused": State("images=-1"),
        "faults": State("look=faults"),
        "seen": State("look=seen"),
    },
    "feature_extraction": {view: State(f"view={view}") for view in ("channels", "map", "neighbours")},
    "fine_tuning": {"refused": State("head=abc&epochs=-3"), "unfrozen": State("method=unfrozen&base=VGG16Slim")},
    "home": {"teach": State(act=_begin_to_teach)},
    "live_prediction": {
        "answer": State("method=smooth_gradients", act=_ask_about_a_test_image),
        "check": State(act=_check_the_map),
        "several": State(act=_bring_several_photos),
        "many": State(act=_bring_many_photos),
        "no_photo": State(act=_bring_what_is_no_photo),
        "live": State("source=live", _look_live),
        "live_by_server": State("source=live&where=server", _look_live),
    },
    "experiments": {
        claim: State(f"experiment={claim}", _reveal) for claim in ("three_ways", "learning_rates", "shortcuts")
    },
    "museum": {piece: State(f"piece={piece}", _look_up) for piece in ("bgr", "batch_norm_free", "softmax_of_one")},
    "classroom": {"lesson": State(act=_open_the_lesson)},  # the last one: what is opened after it has the line on top
}
