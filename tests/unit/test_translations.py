"""The catalogs' tool, on a small source tree of its own, and the catalogs of this repository."""

from __future__ import annotations

import ast
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pages.ui.common.i18n import LANGUAGES, languages, translations_of
from pages.ui.common.navigation import STOPS
from scripts import translations
from tlcore.translations import caveat_of


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A program with three texts and a catalog whose header counts three plural forms."""
    header(tmp_path, THREE_FORMS)
    (tmp_path / "app.py").write_text(
        '_("Train"); _("{n} of {total}"); ngettext("{n} image", "{n} images", 2)\n', "utf-8"
    )
    return tmp_path


def header(root: Path, plural_forms: str) -> None:
    """An empty Portuguese catalog with these plural forms, whatever Babel would count."""
    path = translations.catalog_path(root, "pt_BR")
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ["Language: pt_BR", "Content-Type: text/plain; charset=utf-8", f"Plural-Forms: {plural_forms}"]
    path.write_text('msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in lines), "utf-8")


def fill(root: Path, texts: dict[str, object]) -> int:
    file = root / "texts.json"
    file.write_text(json.dumps(texts), "utf-8")
    return translations.main(["fill", str(file)], root)


THREE_FORMS = "nplurals=3; plural=(n == 0 || n == 1) ? 0 : n != 0 && n % 1000000 == 0 ? 1 : 2;"
COMPLETE: dict[str, object] = {
    "Train": "Treinar",
    "{n} of {total}": "{n} de {total}",
    "{n} image": ["{n} imagem", "{n} de imagens", "{n} imagens"],
}


def test_filled_catalog_passes(source: Path) -> None:
    assert fill(source, COMPLETE) == 0
    assert translations.check(source) == []
    assert translations.missing(source) == {}


def test_missing_lists_what_fill_expects(source: Path) -> None:
    assert translations.missing(source) == {"Train": "", "{n} of {total}": "", "{n} image": ["", "", ""]}


def test_stale_catalog_fails(source: Path) -> None:
    fill(source, COMPLETE)
    (source / "app.py").write_text('_("Train"); _("Stop")\n', "utf-8")
    faults = translations.check(source)
    assert "not in the catalog: 'Stop'" in faults
    assert "no longer in the source: '{n} of {total}'" in faults


def test_text_that_comes_back_keeps_its_translation(source: Path) -> None:
    fill(source, COMPLETE)
    text = (source / "app.py").read_text("utf-8")
    (source / "app.py").write_text("", "utf-8")
    translations.main(["update"], source)
    (source / "app.py").write_text(text, "utf-8")
    translations.main(["update"], source)
    assert translations.check(source) == []


def test_same_text_needs_a_reason(source: Path) -> None:
    fill(source, COMPLETE | {"Train": "Train"})
    assert any(fault.startswith("same as the English") for fault in translations.check(source))
    fill(source, {"Train": {"msgstr": "Train", "same": "for the test"}})
    assert translations.check(source) == []


def test_lost_field_fails(source: Path) -> None:
    fill(source, COMPLETE | {"{n} of {total}": "{n} de tudo"})
    assert any(fault.startswith("fields differ") for fault in translations.check(source))


def test_fill_refuses_unknown_text(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fill(source, {"Nobody says this": "Ninguém diz isso"}) == 1
    assert "Nobody says this" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("plural_forms", "expected"), [(THREE_FORMS, ["", "", ""]), ("nplurals=2; plural=(n > 1);", ["", ""])]
)
def test_the_catalog_says_how_many_forms_a_plural_has(source: Path, plural_forms: str, expected: list[str]) -> None:
    header(source, plural_forms)
    assert translations.missing(source)["{n} image"] == expected
    translations.main(["update"], source)
    assert f"Plural-Forms: {plural_forms}" in translations.catalog_path(source, "pt_BR").read_text("utf-8")


def test_a_form_too_few_fails(source: Path) -> None:
    fill(source, COMPLETE | {"{n} image": ["{n} imagem", "{n} imagens"]})
    assert any("{n} image" in fault for fault in translations.check(source))


def test_every_plural_form_keeps_its_fields(source: Path) -> None:
    fill(source, COMPLETE | {"{n} image": ["uma imagem", "milhões de imagens", "{n} imagens"]})
    assert translations.check(source) == ["fields differ (expected ['n']): '{n} image'"]


def test_the_shipped_catalog_tells_millions_from_other_numbers() -> None:
    catalog = translations_of("pt-BR")
    words = {
        n: catalog.ngettext("{count} layer", "{count} layers", n) for n in (0, 1, 2, 10, 10**6, 10**6 + 1, 2 * 10**6)
    }
    assert [n for n, text in words.items() if text == "{count} camada"] == [0, 1]
    assert [n for n, text in words.items() if text == "{count} de camadas"] == [10**6, 2 * 10**6]
    assert [n for n, text in words.items() if text == "{count} camadas"] == [2, 10, 10**6 + 1]


def test_another_language_begins_with_a_catalog_of_its_own(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(source, COMPLETE)
    assert translations.main(["add", "es"], source) == 0
    assert translations.languages(source) == ["es", "pt_BR"]
    translations.main(["missing", "--language", "es"], source)
    assert json.loads(capsys.readouterr().out).keys() == COMPLETE.keys()
    assert translations.main(["check"], source) == 1
    assert all(line.startswith("es: not translated") for line in capsys.readouterr().err.splitlines())
    spanish = {"Train": "Entrenar", "{n} of {total}": "{n} de {total}"}
    (source / "es.json").write_text(json.dumps(spanish), "utf-8")
    translations.main(["fill", str(source / "es.json"), "--language", "es"], source)
    assert list(translations.missing(source, "es")) == ["{n} image"]
    assert translations.missing(source) == {}


def test_what_a_machine_made_is_marked_and_may_be_incomplete(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(source, COMPLETE)
    translations.main(["add", "es", "--machine-made", "traducción automática"], source)
    assert translations.main(["check"], source) == 0
    spanish = {"Train": "Entrenar", "{n} of {total}": "{n} de {todos}"}
    (source / "es.json").write_text(json.dumps(spanish), "utf-8")
    translations.main(["fill", str(source / "es.json"), "--language", "es"], source)
    assert caveat_of(translations.catalog_path(source, "es")) == "traducción automática"
    assert languages(source / "locales")["es"] == "Español (traducción automática)"
    assert translations.main(["check"], source) == 1
    assert capsys.readouterr().err.startswith("es: fields differ")


def test_spanish_is_marked_and_has_the_words_of_the_way_through_the_lesson() -> None:
    assert LANGUAGES["es"] == "Español (traducción automática)"
    spanish = translations_of("es")
    assert [stop.url_path for stop in STOPS if spanish.gettext(stop.title) == stop.title] == []
    assert spanish.ngettext("{count} layer", "{count} layers", 2) == "{count} capas"


def test_a_process_that_was_killed_holds_nobody_up(source: Path) -> None:
    (source / "locales" / ".lock").touch()
    assert fill(source, COMPLETE) == 0


def test_two_at_once_lose_nothing(source: Path) -> None:
    fill(source, {})
    with ThreadPoolExecutor(2) as pool:
        parts = ({"Train": "Treinar"}, {key: text for key, text in COMPLETE.items() if key != "Train"})
        list(pool.map(lambda part: translations.fill(source, part), parts))
    assert translations.check(source) == []


def test_every_marked_text_is_found_by_whoever_extracts_it() -> None:
    """Not within an f-string, where it would be shown in English in every language, and nobody would notice."""
    extracted = {message for found in translations.extract(translations.REPOSITORY) for message in as_list(found.id)}
    for path in translations.source_files(translations.REPOSITORY):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "N_"):
                text = node.args[0] if node.args else None
                if isinstance(text, ast.Constant):
                    assert text.value in extracted, f"{path}:{node.lineno}"


def as_list(message: str | tuple[str, ...]) -> tuple[str, ...]:
    return (message,) if isinstance(message, str) else message
