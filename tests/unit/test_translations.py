"""The catalogs' tool, on a small source tree of its own, and the catalogs of this repository."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts import translations


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(
        '_("Train"); _("{n} of {total}"); ngettext("{n} image", "{n} images", 2)\n', "utf-8"
    )
    return tmp_path


def fill(root: Path, texts: dict[str, object]) -> int:
    file = root / "texts.json"
    file.write_text(json.dumps(texts), "utf-8")
    return translations.main(["fill", str(file)], root)


COMPLETE = {"Train": "Treinar", "{n} of {total}": "{n} de {total}", "{n} image": ["{n} imagem", "{n} imagens"]}


def test_filled_catalog_passes(source: Path) -> None:
    assert fill(source, COMPLETE) == 0
    assert translations.check(source) == []
    assert translations.missing(source) == {}


def test_missing_lists_what_fill_expects(source: Path) -> None:
    assert translations.missing(source) == {"Train": "", "{n} of {total}": "", "{n} image": ["", ""]}


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
