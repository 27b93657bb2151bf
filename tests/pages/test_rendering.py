"""What the pages draw with: numbers, texts, links and pictures, without a running app."""

from __future__ import annotations

import ast
from pathlib import Path
from types import SimpleNamespace
from typing import get_args

import pytest
from pydantic import ValidationError
from streamlit.testing.v1 import AppTest

from pages.ui.architecture_explorer.state import ExplorerLink
from pages.ui.architecture_explorer.tabs import tab_titles
from pages.ui.common import charts, i18n, messages, url
from pages.ui.common.class_words import class_word, task_word
from pages.ui.datasets.state import DatasetsLink
from pages.ui.feature_extraction.state import FeatureExtractionLink
from tlcore.errors import DatasetError

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.mark.usefixtures("in_portuguese")
def test_numbers_and_texts_are_portuguese() -> None:
    assert i18n.number(14714688) == "14.714.688"
    assert i18n.number(1e308, 1) == "1,0e+308"
    assert i18n.percent(0.934) == "93,4%"
    assert i18n.with_separators("(3·3·512 + 1)·512 = 2,359,808") == "(3·3·512 + 1)·512 = 2.359.808"
    assert i18n._("Feature extraction") == "Extração de características"


@pytest.mark.usefixtures("in_english")
def test_numbers_and_texts_are_english() -> None:
    assert i18n.number(14714688) == "14,714,688"
    assert i18n.percent(0.934) == "93.4%"
    assert i18n.with_separators("= 2,359,808") == "= 2,359,808"
    assert i18n._("Feature extraction") == "Feature extraction"


def test_a_catalog_makes_a_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pt_BR", "fr", "es"):
        (tmp_path / name / "LC_MESSAGES").mkdir(parents=True)
        (tmp_path / name / "LC_MESSAGES" / "messages.po").touch()
    known = i18n.languages(tmp_path)
    names = {"pt-BR": "Português (Brasil)", "en": "English", "es": "Español", "fr": "Français"}
    assert list(known.items()) == list(names.items())
    monkeypatch.setattr(i18n, "LANGUAGES", known)
    browsers = {"pt-PT": "pt-BR", "es-MX": "es", "fr": "fr", "en-GB": "en", "de-DE": "en", None: "pt-BR"}
    for locale, language in browsers.items():
        monkeypatch.setattr(i18n.st, "context", SimpleNamespace(locale=locale))
        assert i18n._from_browser() == language
    monkeypatch.setattr(i18n, "language", lambda: "fr")
    assert (i18n.number(1234567), i18n.number(0.5, 1)) == ("1\u202f234\u202f567", "0,5")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("pt-BR", "1,5 MB, 12.345 of 40, 0,25: capacete, boné"), ("en", "1.5 MB, 12,345 of 40, 0.25: capacete, boné")],
)
def test_values_inside_a_sentence_are_written_in_its_language(
    monkeypatch: pytest.MonkeyPatch, language: str, sentence: str
) -> None:
    monkeypatch.setattr(i18n, "language", lambda: language)
    values = {"size": 1.52, "many": 12345, "few": 40.0, "share": 0.25, "names": ["capacete", "boné"]}
    assert messages.translate("{size:.1f} MB, {many} of {few}, {share}: {names}", values) == sentence
    assert messages.translate("{value!r} of {value}", {"value": 99999}).startswith("99999 of 99")


@pytest.mark.usefixtures("in_english")
def test_takeaway_of_a_confusion_matrix_names_the_most_frequent_mistake() -> None:
    sentence = charts.matrix_takeaway([[8, 2], [0, 10]], ["helmet", "none"])
    assert sentence == "18 of 20 test images right. Most frequent mistake: “helmet” taken for “none” (2×)."


@pytest.mark.parametrize(
    ("link", "parameters"),
    [
        (ExplorerLink, {"network": "NoSuchNet"}),
        (ExplorerLink, {"size": "100000"}),
        (ExplorerLink, {"size": "two"}),
        (ExplorerLink, {"network": "run:../../etc/passwd"}),
        (ExplorerLink, {"classes": "0"}),
        (ExplorerLink, {"pooling": "sum"}),
        (ExplorerLink, {"tab": "secrets"}),
        (ExplorerLink, {"channels": "-3"}),
        (ExplorerLink, {"channels": "7"}),
        (ExplorerLink, {"layer": "../../etc/passwd"}),
        (ExplorerLink, {"tab": "nonsense"}),
        (DatasetsLink, {"source": "../../etc/passwd"}),
        (DatasetsLink, {"images": "-1"}),
        (FeatureExtractionLink, {"epochs": "1000000"}),
        (FeatureExtractionLink, {"rate": "nan"}),
        (FeatureExtractionLink, {"weights": "/etc/passwd"}),
    ],
)
def test_absurd_links_are_refused(link: type, parameters: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        link.model_validate(parameters)  # type: ignore[attr-defined]


@pytest.mark.usefixtures("in_english")
def test_links_open_every_tab_and_no_other() -> None:
    assert get_args(ExplorerLink.model_fields["tab"].annotation) == tuple(tab_titles())


def test_a_strangers_text_is_shown_as_it_is() -> None:
    """No picture, no link, no colour; what is not punctuation stays readable."""
    assert i18n.as_plain_text("![é](http://x.y/z_z) :red[b]") == r"\!\[é\]\(http\:\/\/x\.y\/z\_z\) \:red\[b\]"


@pytest.mark.usefixtures("in_portuguese")
@pytest.mark.parametrize(
    ("link", "parameters", "sentence"),
    [
        (DatasetsLink, {"images": "99999"}, "tem de ser no máximo 10.000"),
        (FeatureExtractionLink, {"dropout": "1"}, "tem de ser menor que 1"),
        (FeatureExtractionLink, {"view": "umap"}, "tem de ser um destes: channels, map, neighbours"),
        (ExplorerLink, {"size": "big"}, "não é um valor do tipo certo"),
        (ExplorerLink, {"network": "ResNet51"}, "tem de ser um destes: ResNet50, ResNet152, ResNet101"),
    ],
)
def test_a_refusal_says_what_can_be(link: type, parameters: dict[str, str], sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        link.model_validate(parameters)  # type: ignore[attr-defined]
    assert url._reason(refused.value).startswith(sentence)
    assert len(url._reason(refused.value)) < 250


def test_names_in_an_errors_sentence_are_no_markdown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "language", lambda: "en")
    error = DatasetError("{file} is a link; see `{layer}`.", file="![x](http://y) $a$", layer="block1_conv1")
    assert messages.error_text(error) == r"!\[x\](http://y) \$a\$ is a link; see `block1_conv1`."


def _python_files() -> list[Path]:
    return [REPOSITORY / "app.py", *sorted((REPOSITORY / "pages").rglob("*.py"))]


def test_pages_are_short() -> None:
    long = {
        path.name: len(path.read_text("utf-8").splitlines()) for path in sorted((REPOSITORY / "pages").glob("*.py"))
    }
    assert {name: lines for name, lines in long.items() if lines > 120} == {}


def test_texts_are_not_marked_inside_f_strings() -> None:
    """The extractor of translations does not look inside an f-string."""
    for path in _python_files():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                calls = [part for part in ast.walk(node) if isinstance(part, ast.Call) and part.args]
                marked = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "_"]
                assert not [call for call in marked if isinstance(call.args[0], ast.Constant)], f"{path}:{node.lineno}"


def test_a_class_that_somebody_named_is_not_translated(monkeypatch: pytest.MonkeyPatch) -> None:
    """The catalog has "paper" for the paper about a network; a folder of that name holds sheets."""
    monkeypatch.setattr(i18n, "language", lambda: "pt-BR")
    assert i18n._("paper") != "paper"
    assert task_word("paper") == class_word("paper") == "paper"
    assert task_word("hard hat") == "com capacete"


def _a_page_that_pins() -> None:
    """As the table of the runs does."""
    import streamlit as st

    from pages.ui.common.remembered import recall, remember
    from pages.ui.common.state import Key

    pinned: Key[frozenset[str]] = Key("test.pinned", frozenset())
    recall(pinned)
    st.text(",".join(sorted(pinned.get())))
    for name, chosen in (("pin", frozenset({"a", "b"})), ("unpin", frozenset())):
        if st.button(name):
            pinned.set(chosen)
            remember(pinned)


def test_what_is_pinned_is_found_again_after_a_reload_by_that_browser_alone() -> None:
    def opened(owner: str) -> AppTest:
        app = AppTest.from_function(_a_page_that_pins)
        app.session_state["app.owner"] = owner
        return app.run()

    mine, other = "1" * 32, "2" * 32
    app = opened(mine)
    app.button[0].click().run()
    assert (opened(mine).text[0].value, opened(other).text[0].value) == ("a,b", "")
    app.button[1].click().run()
    assert opened(mine).text[0].value == ""
