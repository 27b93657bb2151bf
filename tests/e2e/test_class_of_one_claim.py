"""A class in real browsers: a teacher and three students, two of them on phones, from the first click to the last."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pytest

from scripts.browsing import DESKTOP, PHONE, settle
from tests.e2e.accessibility import faults
from tests.e2e.browsers import WatchedBrowser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

PATIENCE_MS = 300_000
STUDENTS = {"Ana": PHONE, "*Zé* <b>2</b>": PHONE, "=João": DESKTOP}
FITS = """() => { const main = document.querySelector('[data-testid="stMain"]');
  return main.scrollWidth - main.clientWidth <= 1; }"""


def window(browser: WatchedBrowser, size: dict[str, int]) -> Any:
    page = browser.new_context(locale="pt-BR", viewport=size).new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True, disabled=False).click()


def test_a_class_of_three_in_real_browsers(browser: WatchedBrowser, app_address: str, tmp_path: Path) -> None:
    teacher = window(browser, DESKTOP)
    teacher.goto(f"{app_address}/classroom")
    for _ in range(2):  # from 1200 images to 300
        teacher.get_by_role("slider").press("ArrowLeft")
    teacher.get_by_test_id("stSliderThumbValue").get_by_text("300").wait_for()
    settle(teacher)
    press(teacher, "Abrir a turma")
    link = teacher.locator("code", has_text="code=").inner_text()
    teacher.get_by_role("img", name="Código QR do endereço da turma").wait_for()

    students = {name: window(browser, size) for name, size in STUDENTS.items()}
    for number, (name, page) in enumerate(students.items()):
        page.goto(link)
        page.get_by_role("textbox", name="Apelido").fill(name)
        press(page, "Entrar")
        page.get_by_text(name, exact=True).wait_for()  # as it was typed: no bold, no HTML
        page.locator("[data-testid=stRadio] label").nth(1 + number % 3).click()  # the first is the question
        settle(page)
        press(page, "Rodar meu experimento")
    teacher.get_by_text("3 alunos deram um palpite.").wait_for()
    for page in students.values():
        page.get_by_test_id("stMetricValue").wait_for()
    ana = students["Ana"]
    own = ana.get_by_test_id("stMetricValue").inner_text()
    assert re.fullmatch(r"-?\d+,\d", own)
    ana.reload()
    ana.get_by_text("Ana", exact=True).wait_for()
    assert ana.get_by_test_id("stMetricValue").inner_text() == own

    press(teacher, "Mostrar os pontos")
    teacher.get_by_text(re.compile("Depois de 3 medições: ")).first.wait_for()
    press(teacher, "Revelar a resposta")
    for page in students.values():
        page.get_by_role("heading", name="O que a sala encontrou").wait_for()
    for page in (teacher, ana):
        settle(page)
        assert faults(page, "pt") == []
        page.wait_for_function(FITS)

    with teacher.expect_download() as download:
        press(teacher, "Baixar todos os pontos (CSV)")
    download.value.save_as(tmp_path / "class.csv")
    assert ana.request.get(download.value.url).status == 404, "offered to the teacher's browser alone"
    rows = list(csv.DictReader((tmp_path / "class.csv").read_text("utf-8").splitlines()))
    assert {row["aluno"] for row in rows} == {"Ana", "*Zé* <b>2</b>", "'=João"}
    assert len(rows) == 2 * len(STUDENTS)
    found = {row["aluno"]: float(row["diferença"]) for row in rows}
    assert f"{100 * found['Ana']:.1f}".replace(".", ",") == own

    teacher.get_by_text("Os nomes, e o fim da turma").click()
    teacher.get_by_text("Apagar a turma com todos os nomes").click()
    press(teacher, "Apagar tudo")
    teacher.get_by_role("heading", name="Abrir uma turma").wait_for()
    for page in students.values():
        page.get_by_text(re.compile("Não há turma com o código")).wait_for()
