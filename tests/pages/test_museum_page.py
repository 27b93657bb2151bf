"""The page of the bug museum: a symptom is named, a line is found, the mended program runs, the score is one's own."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from pages.ui.common.i18n import translations_of
from pages.ui.museum.kept import guilty
from tests.pages.acting import press, run_until_done, texts
from tlcore.engine import Engine
from tlcore.museum import SYMPTOMS, get_piece, list_pieces

OpenPage = Callable[..., AppTest]
OWNER = "a" * 32


def test_a_piece_is_solved_by_naming_the_symptom_and_pointing_at_the_line(open_page: OpenPage) -> None:
    piece, said = get_piece("bgr"), translations_of("pt-BR").gettext
    app = open_page("museum", "pt-BR", OWNER, piece="bgr", base="VGG16Slim")
    assert app.pills(key="museum.base").value == "VGG16Slim"
    app.radio(key="museum.bgr.symptom").set_value("stuck").run()
    assert said(SYMPTOMS["stuck"].looks_like) in texts(app)
    app.radio(key="museum.bgr.symptom").set_value(piece.symptom).run()
    assert "É isso que se vê." in app.success[0].value
    lines = app.pills(key="museum.bgr.line")
    wrong = next(int(line) for line in lines.options if int(line) not in guilty(piece))
    lines.set_value(wrong).run()
    assert said(piece.hint) in texts(app)
    assert piece.report.address not in texts(app), "not before it is found"
    app.pills(key="museum.bgr.line").set_value(guilty(piece)[0]).run()
    assert not app.exception
    assert said(piece.explanation) in texts(app)
    assert piece.report.address in texts(app)
    app.button(key="museum.all").click().run()
    assert f"resolvida: {said(piece.mistake)}" in texts(app)

    again = open_page("museum", "pt-BR", OWNER, piece="bgr")  # the same browser, the page loaded again
    assert again.radio(key="museum.bgr.symptom").value == piece.symptom
    assert said(piece.explanation) in texts(again)
    assert said(piece.explanation) not in texts(open_page("museum", "pt-BR", "b" * 32, piece="bgr")), "another browser"


def test_a_solution_that_was_looked_up_does_not_count_and_its_program_runs_here(
    open_page: OpenPage, engine: Engine
) -> None:
    app = open_page("museum", "pt-BR", "c" * 32, piece="softmax_of_one", base="VGG16Slim")
    press(app, "Mostrar")
    assert "pré-calculado" in texts(app)
    app.button(key="museum.run.mended").click().run()
    run_until_done(app, engine)
    assert "medido aqui" in texts(app)
    app.button(key="museum.all").click().run()
    assert "Você resolveu 0 de 14" in app.get("progress")[0].proto.text


def test_a_piece_that_does_not_exist_is_refused_in_words(open_page: OpenPage) -> None:
    app = open_page("museum", "en", piece="import os")
    assert not app.exception
    assert "which was not used" in app.warning[0].value
    assert len([button for button in app.button if button.key.startswith("museum.open.")]) == len(list_pieces())
    assert "Fourteen" in texts(app)
    assert len(list_pieces()) == 14
