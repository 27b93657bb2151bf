"""The lecture's main job in a browser: bring photographs, extract, train the head, predict, read the answer."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image

from pages.ui.common.navigation import STOPS
from scripts.browsing import settle
from tests.e2e.accessibility import faults
from tests.e2e.browsers import WatchedBrowser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

JOB_MS = 300_000  # a worker that still imports tensorflow on a busy machine
PHOTOS_PER_CLASS = 24
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 800}
FITS = """() => { const main = document.querySelector('[data-testid="stMain"]');
  return main.scrollWidth - main.clientWidth <= 1; }"""
CLASSES = ("hardhat", "no_hardhat")
LOCALES = {
    "pt-BR": "Laboratório de transferência de aprendizado",
    "en-GB": "A laboratory for transfer learning",
    "fr-FR": "A laboratory for transfer learning",
}


@pytest.fixture
def page(browser: WatchedBrowser) -> Any:
    """A new browser window in Portuguese."""
    window = browser.new_context(locale="pt-BR", viewport={"width": 1280, "height": 1000}).new_page()
    window.set_default_timeout(JOB_MS)
    return window


@pytest.fixture(scope="module")
def photos(request: pytest.FixtureRequest) -> dict[str, list[tuple[str, bytes]]]:
    """Real photographs of heads with and without a hard hat; without the shared data, drawn ones."""
    try:
        folder: Path = request.getfixturevalue("shared_folder") / "data" / "hardhat"
    except pytest.skip.Exception:
        return drawn_photos()
    return {
        name: [(path.name, path.read_bytes()) for path in sorted((folder / name).iterdir())[:PHOTOS_PER_CLASS]]
        for name in CLASSES
    }


def drawn_photos() -> dict[str, list[tuple[str, bytes]]]:
    from tlcore import load_dataset

    split = load_dataset("helmets", num_images=2 * 2 * PHOTOS_PER_CLASS, image_size=(128, 128)).train
    found: dict[str, list[tuple[str, bytes]]] = {name: [] for name in CLASSES}
    for number, (pixels, label) in enumerate(zip(split.images, split.labels, strict=True)):
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, "PNG")
        found[CLASSES[1 - label]].append((f"{number}.png", file.getvalue()))
    return found


@pytest.fixture
def photos_zip(photos: dict[str, list[tuple[str, bytes]]], tmp_path: Path) -> Path:
    """The photographs with a folder per class, and one file among them that is none."""
    path = tmp_path / "capacetes.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, files in photos.items():
            for file_name, content in files:
                archive.writestr(f"{name}/{file_name}", content)
        archive.writestr("hardhat/broken.jpg", b"this is not a photograph")
    return path


BAD = """<body style="background: white"> <h1>Title</h1> <h3>Two levels lower</h3>
  <p style="color: #999">faint words</p> <p style="opacity: .5"><a href="/x" style="color: #0a5c73">faded link</a></p>
  <img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" width="9" height="9"> <button>&nbsp;</button>
  <p style="color: #595959">fine words</p> <button disabled style="color: #ccc">not now</button></body>"""


def test_what_keeps_people_out_is_found(page: Any) -> None:
    page.set_content(BAD)
    kinds = [fault.split(":")[0] for fault in faults(page, "pt")]
    found = ["heading skips a level", "faint (2.85)", "faint (2.41)"]
    by_axe = {"button-name (critical)", "color-contrast (serious)", "html-has-lang (serious)", "image-alt (critical)"}
    assert kinds[:4] == ["language", *found]
    assert by_axe <= set(kinds[4:])


LEAKING = """<link rel="icon" href="data:,"> <img alt="" src="http://fonts.example/icon.svg"> <script>
  new WebSocket("wss://numbers.example/visits"); console.warn("only a warning"); console.error("out of tune");
  throw new Error("nobody caught me")</script>"""


def test_what_no_page_may_do_is_noted(chromium: Any, app_address: str) -> None:
    watched = WatchedBrowser(chromium)
    window = watched.new_context().new_page()
    window.goto(f"{app_address}/_stcore/health")
    window.set_content(LEAKING)
    window.goto(f"{app_address}/no_such_file.js/_stcore/health")
    watched.close()
    noted = {fault.split(" (")[0] for fault in watched.faults}
    assert noted == {
        "leaves this machine: http://fonts.example/icon.svg",
        "leaves this machine: wss://numbers.example/visits",
        "console: out of tune",
        "uncaught: nobody caught me",
        "console: Failed to load resource: net::ERR_NAME_NOT_RESOLVED",
        "console: WebSocket connection to 'wss://numbers.example/visits' failed: Error in connection establishment: "
        "net::ERR_NAME_NOT_RESOLVED",
        "console: Failed to load resource: the server responded with a status of 404",
    }


def test_the_first_link_to_a_fresh_app_brings_little_and_asks_nobody_for_an_icon(first_visit: WatchedBrowser) -> None:
    assert first_visit.faults == []
    assert 0.5e6 < first_visit.fetched_bytes < 2e6, "packed; thirty phones share one network"
    assert str(first_visit.icon).startswith("data:image/svg+xml")


def test_every_page_can_be_read_and_heard_and_fits_the_screen(browser: WatchedBrowser, app_address: str) -> None:
    window = browser.new_context(locale="pt-BR", color_scheme="light").new_page()
    window.set_default_timeout(JOB_MS)
    for stop in STOPS:
        window.set_viewport_size(DESK)
        window.goto(f"{app_address}/{'' if stop is STOPS[0] else stop.url_path}")
        window.locator('html[lang="pt-BR"]').wait_for(state="attached")  # the last thing that a run of the page does
        window.locator("summary", has_text="Código").last.click()
        window.locator("code.language-python").last.wait_for()
        assert faults(window, "pt") == [], stop.url_path
        for screen in (DESK, PHONE):
            window.set_viewport_size(screen)
            window.wait_for_function(FITS)  # charts are drawn anew first


def test_every_page_can_be_read_in_the_dark(browser: WatchedBrowser, app_address: str) -> None:
    """Of the rules of a page only those about colours can find something else there."""
    window = browser.new_context(locale="pt-BR", color_scheme="dark", viewport=DESK).new_page()
    window.set_default_timeout(JOB_MS)
    window.goto(app_address)
    window.locator("summary", has_text="Código").last.click()
    window.locator("code.language-python").last.wait_for()
    for number, stop in enumerate(STOPS):
        window.get_by_test_id("stSidebarNavLink").nth(number).click()
        window.locator(f"[data-testid=stSidebarNavItems] li:nth-child({number + 1}) [aria-current=page]").wait_for()
        settle(window)
        assert faults(window, "pt", ["color-contrast", "link-in-text-block"]) == [], stop.url_path


def test_lesson_from_a_zip_of_photographs_to_an_answer(
    page: Any, app_address: str, photos_zip: Path, photos: dict[str, list[tuple[str, bytes]]], tmp_path: Path
) -> None:
    page.goto(f"{app_address}/datasets?lang=pt-BR&source=upload&size=64")
    page.locator('input[type="file"]').set_input_files(photos_zip)
    page.get_by_role("button", name="Usar estas imagens").click()
    page.get_by_text("O que há em “capacetes”").wait_for(timeout=JOB_MS)
    page.get_by_text("1 arquivo ficou de fora").wait_for()

    page.get_by_role("link", name="Treinar com estas imagens").click()
    page.get_by_role("button", name="Extrair as características").click()
    page.get_by_text("(N, 2, 2, 1280)").wait_for(timeout=JOB_MS)

    page.get_by_role("button", name="Treinar", exact=True).click()
    page.get_by_text("Exatidão no teste").wait_for(timeout=JOB_MS)
    accuracy = page.get_by_test_id("stMetricValue").filter(has_text="%").first.inner_text()
    sentence = page.get_by_text(re.compile(r"\d+ de \d+ imagens de teste certas")).first.inner_text()
    right, count = (int(number) for number in re.findall(r"\d+", sentence)[:2])
    assert accuracy == f"{100 * right / count:.1f}%".replace(".", ",")
    assert right / count > 0.5, "better than a guess"

    page.get_by_role("button", name="Olhar todas as imagens com esta base").click()
    page.get_by_text("é o que responde com mais força").wait_for(timeout=JOB_MS)
    page.get_by_text("Mapa das imagens", exact=True).click()
    point = page.locator("[class*='feature_extraction-map-'] .scatterlayer .point").first
    point.scroll_into_view_if_needed()
    settle(page)
    box = point.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.get_by_text(re.compile(r"Selecionadas?: 1 ")).wait_for()
    neighbours = page.get_by_text("vizinhos mais próximos de uma imagem são da classe dela")
    neighbours.wait_for(timeout=JOB_MS)

    page.reload()  # a new session for the server: the run is found again, and the map
    page.get_by_text("Exatidão no teste").wait_for(timeout=JOB_MS)
    neighbours.wait_for(timeout=JOB_MS)
    assert faults(page, "pt") == []

    page.get_by_role("button", name="Fazer predições com ela").click()
    page.get_by_role("heading", name="Predição ao vivo").wait_for()
    photo = tmp_path / photos["hardhat"][-1][0]
    photo.write_bytes(photos["hardhat"][-1][1])
    page.locator('input[type="file"]').set_input_files(photo)  # and it is asked at once
    answer = page.get_by_text(re.compile(r"A rede diz “(no_)?hardhat” com|Não sei: a mais provável é “(no_)?hardhat”"))
    answer.first.wait_for(timeout=JOB_MS)
    page.get_by_text(re.compile("O que mais fala a favor|Nenhuma parte da foto")).first.wait_for(timeout=JOB_MS)
    assert faults(page, "pt") == []
    put_a_label_right(page, app_address)
    assert libraries_of_web_process("tensorflow") == [], "after a whole lesson: only workers have it"


def put_a_label_right(page: Any, address: str) -> None:
    """The label that is doubted most gets the suggested class; a reload keeps that, and Undo takes it back."""
    page.goto(f"{address}/datasets?lang=pt-BR&source=upload&size=64&look=faults")
    page.get_by_role("button", name="Procurar rótulos suspeitos").click()
    page.get_by_role("group", name="Imagens para escolher").get_by_role("button").first.click()
    page.get_by_role("button", name="Aceitar a sugestão").click()
    last_change = page.get_by_text("1 mudança; a última: 1 imagem movida para outra classe.")
    last_change.wait_for()
    assert faults(page, "pt") == []
    page.reload()
    last_change.wait_for()
    page.get_by_role("button", name="Desfazer").click()
    last_change.wait_for(state="detached")


def libraries_of_web_process(name: str) -> list[str]:
    """Shared libraries that the server has loaded with `name` in their path; nothing where the system tells none."""
    import psutil

    server = next(child for child in psutil.Process().children() if "streamlit" in child.cmdline())
    maps = getattr(server, "memory_maps", list)()
    return [library.path for library in maps if name in library.path]


def test_an_upload_that_cannot_be_read_is_refused_by_its_name(page: Any, app_address: str, tmp_path: Path) -> None:
    for name, reason in (("férias", "não é um arquivo ZIP"), ("vazio", "está vazio")):
        path = tmp_path / f"{name}.zip"
        path.write_bytes(b"not a ZIP")
        if name == "vazio":
            zipfile.ZipFile(path, "w").close()
        page.goto(f"{app_address}/datasets?lang=pt-BR&source=upload&size=64")  # the button waits for the new file
        page.locator('input[type="file"]').set_input_files(path)
        page.get_by_role("button", name="Usar estas imagens").click()
        page.get_by_text(f"{name} {reason}").wait_for(timeout=JOB_MS)


def test_link_opens_the_explorer_at_a_layer_in_english(page: Any, app_address: str) -> None:
    page.goto(f"{app_address}/architecture_explorer?lang=en&network=VGG16&top=0&layer=block5_conv1")
    page.get_by_role("heading", name="Architecture explorer").wait_for()
    page.get_by_text("14,714,688").first.wait_for()
    page.get_by_role("button", name="Reveal the formula").click()
    page.get_by_text("(3·3·512 + 1)·512 = 2,359,808").first.wait_for()
    assert "layer=block5_conv1" in page.url


@pytest.mark.parametrize(
    ("tab", "shown"),
    [("volume", "[aria-label='Volumes of VGG16'] img"), ("graph", "[data-testid=stGraphVizChart] svg")],
)
def test_pictures_of_a_network_are_downloaded(page: Any, app_address: str, tab: str, shown: str) -> None:
    page.goto(f"{app_address}/architecture_explorer?lang=en&network=VGG16&tab={tab}")
    page.locator(shown).first.wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the picture (PNG)").click()
    picture = Image.open(download.value.path())
    assert (download.value.suggested_filename, picture.format) == ("VGG16.png", "PNG")
    assert max(picture.size) > 1000
    assert len(picture.convert("RGB").getcolors(10**7) or []) > 10, "boxes and words, not an empty sheet"
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the picture (SVG)").click()
    assert download.value.suggested_filename == "VGG16.svg"
    assert "block5" in "".join(ElementTree.parse(download.value.path()).getroot().itertext())


def test_a_click_on_the_map_leads_down_to_the_arithmetic_of_one_number(page: Any, app_address: str) -> None:
    page.goto(f"{app_address}/architecture_explorer?lang=en&network=VGG16Slim&top=0&tab=activations&layer=block3_conv2")
    gallery = page.get_by_role("button", name=re.compile(r"^channel \d+$"))
    gallery.nth(12).wait_for()  # the twelve and the one that is open: all is drawn, nothing moves any more
    channel = gallery.nth(1).inner_text()
    gallery.nth(1).click()
    page.get_by_text(re.compile(f"At row 8, column 8, {channel} gives")).wait_for()
    chosen = page.get_by_alt_text(f"The map of {channel}.")
    side = chosen.bounding_box()["width"]
    chosen.click(position={"x": side - 3, "y": 3})
    page.get_by_text(re.compile(f"At row 0, column 15, {channel} gives")).wait_for()
    page.get_by_text("(0) lies outside the map").wait_for()


def test_each_browser_is_met_in_its_language_as_an_owner_of_its_own(browser: WatchedBrowser, app_address: str) -> None:
    """By a cookie that the server has set: no script reads it, and the one of a page's own is not needed."""
    tokens = set()
    for locale, title in LOCALES.items():
        context = browser.new_context(locale=locale)
        window = context.new_page()
        window.goto(app_address)
        window.get_by_role("heading", name=title).wait_for(timeout=JOB_MS)
        window.wait_for_function("document.documentElement.lang", timeout=JOB_MS)
        assert "tlcore_owner" not in window.evaluate("document.cookie + document.body.innerHTML")
        (cookie,) = (cookie for cookie in context.cookies() if cookie["name"] == "tlcore_owner")
        assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
        window.reload()
        window.get_by_role("heading", name=title).wait_for(timeout=JOB_MS)
        tokens |= {cookie["value"] for cookie in context.cookies() if cookie["name"] == "tlcore_owner"}
    assert len(tokens) == len(LOCALES)


def test_an_experiment_goes_on_while_its_page_is_loaded_again(page: Any, app_address: str) -> None:
    page.goto(f"{app_address}/experiments?experiment=tensor_counts&lang=pt-BR")
    page.get_by_role("button", name="Mostrar os resultados sem palpite").click()
    page.get_by_role("button", name=re.compile("Medir aqui")).click()
    page.get_by_text("medições feitas").or_(page.get_by_text("medido aqui")).first.wait_for()

    page.reload()  # what was revealed stays so
    page.get_by_text("medido aqui").wait_for(timeout=JOB_MS)
    page.get_by_text("exatamente como diz a aula").first.wait_for()
