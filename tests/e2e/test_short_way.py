"""The short way on a phone, by keyboard alone: from Home to an answer; or from the camera; nothing lost by a reload."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from pages.ui.common.lesson.steps import STEPS
from scripts.browsing import PHONE, settle
from scripts.journey import drawn_photos
from tests.e2e.accessibility import faults
from tests.e2e.browsers import WatchedBrowser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

PATIENCE_MS = 300_000
MOST_TABS = 150
ANSWER = re.compile("A rede diz “|Não sei: a mais provável é “")


def press_in_sight(page: Any, name: str | re.Pattern[str]) -> None:
    """Goes by Tab to a button that has to be on the screen as it is, without scrolling, and presses Enter."""
    button = page.get_by_role("button", name=name, exact=True, disabled=False)
    button.wait_for()
    settle(page)
    assert_in_sight(button, str(name))
    tab_to(page, button)
    page.keyboard.press("Enter")


def tab_to(page: Any, control: Any) -> None:
    """Presses Tab until a control has the focus."""
    for _press in range(MOST_TABS):
        if control.evaluate("control => control.getRootNode().activeElement === control"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not reach {control}")


def begin_the_lesson(page: Any) -> None:
    """Opens the guided lesson, and answers the question of its first step."""
    press_in_sight(page, f"Lição guiada: {len(STEPS)} etapas")
    step = re.compile(rf"Etapa 1 de {len(STEPS)}: ")
    press_in_sight(page, step)
    choice = page.get_by_role("radio", name="60 fotos não bastam")
    choice.wait_for()
    tab_to(page, choice)
    page.keyboard.press(" ")
    page.get_by_text("Certo. Uma base traz").wait_for()
    assert faults(page, "pt") == []
    page.keyboard.press("Escape")
    choice.wait_for(state="hidden")


def assert_in_sight(element: Any, name: str) -> None:
    """The whole of it is on the screen, as the page stands."""
    box = element.bounding_box()
    assert box["y"] >= 0, name
    assert box["y"] + box["height"] <= PHONE["height"], name


def test_three_presses_on_a_phone_and_every_reload_finds_what_was_there(
    browser: WatchedBrowser, app_address: str, tmp_path: Path
) -> None:
    page = browser.new_context(locale="pt-BR", viewport=PHONE).new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(app_address)
    begin_the_lesson(page)
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
    page.get_by_text(ANSWER).first.wait_for()
    page.get_by_text(re.compile("É “.*”: (acertou|errou)")).wait_for()
    assert page.get_by_test_id("stMetricValue").first.inner_text() == result

    page.get_by_text("Minhas fotos", exact=True).click()
    for place, files in enumerate(drawn_photos(tmp_path).values()):
        box = page.get_by_test_id("stFileUploader").nth(place)
        box.wait_for()
        settle(page)
        assert_in_sight(box, f"photos of class {place + 1}")
        box.locator("input[type=file]").set_input_files(files)
    page.get_by_text("imagens: “").wait_for(state="detached")  # that some are missing
    button = page.get_by_role("button", name="Treinar", exact=True, disabled=False)
    button.wait_for()
    settle(page)
    assert_in_sight(button, "Treinar")


#: What cannot be had here, as a browser tells it, and what the page says.
NO_CAMERA = {
    "NotFoundError": "Nenhuma câmera foi encontrada",
    "NotReadableError": "Outro programa está usando a câmera",
    "SomethingNewError": "Não foi possível abrir a câmera",
}


def record(page: Any, name: str, *, by_key: bool) -> None:
    """Holds the button of a class until it has a dozen images or more."""
    hold = page.get_by_role("button", name=f"Segure para gravar: {name}", exact=True, disabled=False)
    hold.scroll_into_view_if_needed()
    if by_key:
        hold.focus()
        page.keyboard.down(" ")
    else:
        box = hold.bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down()
    page.get_by_role("group", name=name, exact=True).get_by_text(re.compile(r"Imagens: (1[2-9]|[2-9]\d)")).wait_for()
    if by_key:
        page.keyboard.up(" ")
    else:
        page.mouse.up()
    page.wait_for_function("JSON.parse(sessionStorage['tlcore.camera']).length === 0")  # the server has them


def test_two_classes_by_camera_and_a_reload_in_between(browser: WatchedBrowser, app_address: str) -> None:
    context = browser.new_context(locale="pt-BR", viewport=PHONE)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{app_address}/feature_extraction")
    page.get_by_text("Minhas fotos", exact=True).click()
    page.get_by_text("Pela câmera", exact=True).click()
    page.get_by_role("button", name="Abrir a câmera").click()
    page.get_by_text("O navegador não liberou a câmera").wait_for()

    context.grant_permissions(["camera"])
    page.get_by_role("button", name="Abrir a câmera").click()
    record(page, "Classe 1", by_key=False)
    name = page.get_by_role("textbox", name="Nome da classe").nth(1)
    name.fill("xícara")
    name.press("Enter")
    page.get_by_text("Cada classe precisa de 3 imagens: “xícara” tem 0.").wait_for()

    page.locator("video").evaluate("video => video.srcObject.getVideoTracks()[0].dispatchEvent(new Event('ended'))")
    page.get_by_text("A câmera foi desconectada").wait_for()
    for fault, sentence in NO_CAMERA.items():
        page.evaluate(
            "name => navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', name))", fault
        )
        page.get_by_role("button", name="Abrir a câmera").click()
        page.get_by_text(sentence).wait_for()
    page.evaluate("Object.defineProperty(navigator, 'mediaDevices', {value: undefined})")  # as without HTTPS
    page.get_by_role("button", name="Abrir a câmera").click()
    page.get_by_text("um endereço com https://").wait_for()

    page.reload()
    page.get_by_text(re.compile(r"Imagens: [1-9]\d")).wait_for()
    page.locator("[role=group][aria-label='Classe 1'] img").first.wait_for()
    page.get_by_role("button", name="Abrir a câmera").click()
    record(page, "xícara", by_key=True)
    assert faults(page, "pt") == []
    page.get_by_role("button", name="Treinar", exact=True, disabled=False).click()
    page.get_by_role("heading", name="O resultado em imagens nunca usadas").wait_for()
    page.get_by_text(re.compile("“xícara”|xícara")).first.wait_for()
