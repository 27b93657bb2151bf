"""The network in the visitor's own browser: taught in a minute, answering live, by the server where it has to be."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest

from scripts.browsing import DESKTOP, PHONE, settle
from tests.e2e.accessibility import faults
from tests.e2e.browsers import WatchedBrowser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900), pytest.mark.usefixtures("runtime")]

PATIENCE_MS = 240_000
#: A camera that shows what the test paints, in place of the machine's.
PAINTED = """(() => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 240 });
  const pen = canvas.getContext("2d");
  window.colour = "red";
  setInterval(() => {
    pen.fillStyle = window.colour;
    pen.fillRect(0, 0, 320, 240);
    pen.fillStyle = "white";
    pen.fillRect(140, 60, 40, 120);
  }, 30);
  if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(30);
})()"""
#: Puts a picture on the clipboard.
COPY = """async colour => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 64 });
  const pen = canvas.getContext("2d");
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 64, 40);
  const picture = await new Promise(resolve => canvas.toBlob(resolve));
  await navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]);
}"""
#: How pictures begin, as they are and as text.
PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"/9j/", b"iVBORw0KGgo", b"UklGR", b"data:image")
LARGE = 4096  # bytes, far above what a click sends, and too little for any picture of a camera
NO_TRANSFER = """() => {
  const files = performance.getEntriesByType("resource").filter(({ name }) => /[.](tflite|wasm)$/.test(name));
  return files.length >= 2 && files.every(({ transferSize }) => transferSize === 0);
}"""


def watch(page: Any) -> list[bytes]:
    """Everything that the page sends from now on."""
    sent: list[bytes] = []

    def listen(socket: Any) -> None:
        socket.on("framesent", lambda payload: sent.append(payload if isinstance(payload, bytes) else payload.encode()))

    page.on("websocket", listen)
    page.on("request", lambda request: sent.append(request.url.encode() + (request.post_data_buffer or b"")))
    return sent


def hold(page: Any, place: int) -> None:
    button = page.get_by_role("button", name=f"Hold to teach: Class {place + 1}", disabled=False)
    button.focus()
    page.keyboard.down(" ")
    page.locator(".live .count").nth(place).get_by_text(re.compile("^Images: [1-9][0-9]")).wait_for()
    page.keyboard.up(" ")


def test_a_minute_of_teaching_sends_features_and_no_picture(browser: WatchedBrowser, app_address: str) -> None:
    context = browser.new_context(viewport=DESKTOP, locale="en-US")
    context.add_init_script(PAINTED)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    sent = watch(page)
    page.goto(f"{app_address}/?lang=en")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="Open the camera").click()
    colours = ("red", "blue")
    for place, colour in enumerate(colours):
        page.evaluate("colour => { window.colour = colour; }", colour)
        hold(page, place)
    page.locator(".live[data-learned]").wait_for()
    page.get_by_text("Features were computed in your browser").wait_for()
    for place, colour in enumerate(colours):
        page.evaluate("colour => { window.colour = colour; }", colour)
        page.get_by_text(f"The network says “Class {place + 1}” with").first.wait_for()
    settle(page)
    assert faults(page, "en") == []

    assert not [beginning for beginning in PICTURES for message in sent if beginning in message]
    large = [message for message in sent if len(message) > LARGE]
    assert large, "features"
    for message in large:
        (text,) = re.findall(rb'"features": ?"([A-Za-z0-9+/=]+)"', message)
        (labels,) = re.findall(rb'"labels": ?\[([01, ]+)\]', message)
        assert len(base64.b64decode(text)) == 4 * 1280 * len(labels.split(b",")), "1,280 numbers a picture"
        assert len(message) - len(text) < LARGE, "and nothing beside them"

    page.reload()
    page.get_by_role("button", name="Begin").click()
    page.wait_for_function(NO_TRANSFER)  # the browser has kept the network and what runs it


def first_answer(page: Any) -> tuple[str, float]:
    row = page.locator(".live .answer").first
    name, share = row.locator(".of").inner_text(), row.locator(".share").inner_text()
    return name, float(share.rstrip("%"))


def test_live_on_a_phone_in_the_browser_and_by_the_server(browser: WatchedBrowser, app_address: str) -> None:
    context = browser.new_context(viewport=PHONE, locale="en-US")
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(f"{app_address}/live_prediction?lang=en&source=live&model=VGG16Slim/embedded")
    opener = page.get_by_role("button", name="Open the camera")
    opener.click()
    page.get_by_text("The browser refused the camera").wait_for()
    context.grant_permissions(["camera"])
    opener.click()
    page.locator(".live[data-by=wasm]").wait_for()
    page.get_by_text(re.compile(r"\d frames/s · \d+ ms from picture to answer · in this browser")).wait_for()
    page.get_by_role("button", name="Freeze").click()
    page.get_by_role("heading", name="Why it says so").wait_for()
    page.locator(".live[data-by=wasm][data-state=open]").wait_for()
    settle(page)
    assert faults(page, "en") == []
    page.locator("video").evaluate("video => video.srcObject.getVideoTracks()[0].dispatchEvent(new Event('ended'))")
    page.get_by_text("The camera was disconnected").wait_for()

    page.evaluate(PAINTED)
    opener.click()
    page.locator(".live[data-by=wasm]").wait_for()
    here = first_answer(page)
    page.get_by_text("On the server", exact=True).click()
    page.locator(".live[data-by=server]").wait_for()
    there = first_answer(page)
    assert page.locator(".live .fault").text_content() == "", "the browser's network was put aside, and did not fail"
    assert here[0] == there[0]
    assert abs(here[1] - there[1]) <= 3, "of the same picture, but for what JPEG makes of it"

    page.add_init_script("WebAssembly.validate = () => false")
    page.goto(f"{app_address}/live_prediction?lang=en&source=live&model=VGG16Slim/embedded")
    page.get_by_text("This browser is too old to run the network").wait_for()

    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_text("Upload photos", exact=True).click()
    paster = page.get_by_role("button", name="Paste a picture")
    paster.wait_for()
    page.evaluate(COPY, "red")
    paster.click()
    page.get_by_text(re.compile("The network says “|Not sure: the likeliest is “")).first.wait_for()
    page.evaluate(COPY, "blue")
    page.keyboard.press("Control+v")
    page.get_by_role("group", name="Your photos").get_by_role("button").nth(1).wait_for()
