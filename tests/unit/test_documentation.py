"""The pages of the documentation say what is so: the tutorial's outputs, the code of how-tos, the names of the API."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import tlcore
from scripts.diagram import PICTURE, diagram_of, stamp, with_picture
from scripts.docs import (
    asked_of_others,
    measured_page,
    model_cards_page,
    museum_page,
    packages_page,
    text_of,
    tutorial_page,
    without_files,
)
from scripts.figures import svg
from tests.conftest import REPOSITORY
from tests.unit.shown_code import run_code
from tlcore import errors
from tlcore.experiments import get_experiment, list_experiments
from tlcore.experiments.specification import Chart, Series, Text
from tlcore.museum import get_piece, list_pieces
from tlcore.weights.model_cards import list_model_cards

DOCS = REPOSITORY / "docs"
SVG = "{http://www.w3.org/2000/svg}"
TUTORIAL: dict[str, Any] = json.loads((DOCS / "tutorial.ipynb").read_text("utf-8"))


def without_numbers(text: str) -> str:
    return re.sub(r"\d+(\.\d+)?", "#", text)


def test_the_tutorial_prints_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for cell in TUTORIAL["cells"]:
        if cell["cell_type"] == "code":
            _, printed = run_code(text_of(cell["source"]), names)
            said = "".join(text_of(output["text"]) for output in cell["outputs"])
            if "varies" in cell["metadata"].get("tags", ()):  # measured: the last digits are this machine's own
                printed, said = without_numbers(printed), without_numbers(said)
            assert printed == said, cell["source"]
    assert names["extraction"].test_metrics["balanced_accuracy"] > 0.6


def test_the_page_of_the_tutorial_has_all_of_it() -> None:
    page = tutorial_page(TUTORIAL)
    for cell in TUTORIAL["cells"]:
        assert text_of(cell["source"]) in page
        assert all(text_of(output["text"]).rstrip() in page for output in cell.get("outputs", ()))


def test_answers_of_the_exercises_are_what_their_code_prints() -> None:
    sheets = {path.name: path.read_text("utf-8") for path in DOCS.glob("exercises.*.md")}
    assert set(sheets) == {f"exercises.{language}.md" for language in ("en", "pt-BR")}
    blocks = {name: re.findall(r"```(python|text)\n(.*?)```", text, re.DOTALL) for name, text in sheets.items()}
    english, portuguese = (blocks[name] for name in sorted(blocks))
    assert english == portuguese
    names: dict[str, Any] = {}
    printed = ""
    for kind, block in english:
        if kind == "text":
            assert block == printed
        else:
            _, printed = run_code(block, names)
    for text in sheets.values():
        questions, answers = (
            re.findall(r"^(\d+)\. ", text, re.MULTILINE),
            re.findall(r"^### (\d+)\.", text, re.MULTILINE),
        )
        assert questions == answers
        assert len(answers) == len([kind for kind, _ in english if kind == "text"]) > 8


def test_the_code_for_own_data_runs(image_zip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert image_zip.name == "photos.zip"
    monkeypatch.chdir(image_zip.parent)
    (code,) = re.findall(r"```python\n(.*?)```", (DOCS / "how-to" / "own-data.md").read_text("utf-8"), re.DOTALL)
    names, _ = run_code(code)
    assert len(names["data"].train) > 0


def test_the_page_of_the_package_has_every_public_name_and_every_error() -> None:
    page = (DOCS / "api.md").read_text("utf-8")
    documented = set(re.findall(r"^\.\. auto\w+:: (?:tlcore\.)?(\w+(?:\.\w+)*)$", page, re.MULTILINE))
    kinds = {
        f"errors.{name}"
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, tlcore.TransferLearningError)
    }
    assert documented >= {*tlcore.__all__, *kinds - {"errors.TransferLearningError"}}


def test_every_function_and_class_that_a_package_exports_is_documented_once() -> None:
    api = (DOCS / "api.md").read_text("utf-8")
    documented = re.findall(r"^\.\. auto\w+:: (?:tlcore\.)?(\S+)$", api + packages_page(api), re.MULTILINE)
    assert len(set(documented)) == len(documented) > 100
    for name in ("datasets.fetch_dataset", "experiments.ExperimentSpec", "explanation.occlusion_map", "engine.Engine"):
        assert name in documented


def test_the_picture_of_the_diagram_is_that_of_its_text() -> None:
    page = (DOCS / "architecture.md").read_text("utf-8")
    assert stamp(diagram_of(page)) in (DOCS / PICTURE).read_text("utf-8"), "run: python -m scripts.diagram"
    shown = with_picture(page, "rooms")
    assert f"![rooms]({PICTURE})" in shown
    assert "flowchart" not in shown


OUTSIDE = """<link rel="stylesheet" href="https://a.example/x.css"> <script>import m from "https://b.example/m.mjs";</script>
<a href="https://c.example/">a link</a> <img alt="" src="figures/own.svg"> <script async src='http://d.example/s.js'>"""


def test_what_the_site_would_ask_another_server_for_is_named(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(OUTSIDE, "utf-8")
    asked = [line.rpartition(" ")[2] for line in asked_of_others(tmp_path)]
    assert asked == ["https://a.example/x.css", "https://b.example/m.mjs", "http://d.example/s.js"]


def test_links_to_files_that_the_site_does_not_have_are_their_names() -> None:
    assert without_files("[a](b.conf), [c](https://d.example), [e](#f)") == "`a`, [c](https://d.example), [e](#f)"


def test_measurements_and_model_cards_are_pages(tmp_path: Path) -> None:
    measured, cards = measured_page(tmp_path), model_cards_page()
    for name in list_experiments():
        section = measured.partition(f"## {get_experiment(name).title}\n")[2].partition("\n## ")[0]
        assert re.search(r"(holds|fails|unclear)\.\*\* \S", section), name
    assert cards.count("\n## ") == len(list_model_cards())
    figures = re.findall(r"!\[[^]]+\]\((figures/[\w-]+\.svg)\)", measured)
    assert len(figures) == len(set(figures)) >= len(list_experiments())
    for figure in figures:
        ElementTree.parse(tmp_path / figure)


def test_every_piece_of_the_museum_is_on_its_page_with_both_programs() -> None:
    page = museum_page()
    for piece in map(get_piece, list_pieces()):
        section = page.partition(f"## {piece.title}\n")[2].partition("\n## ")[0]
        assert piece.report.address in section
        assert section.count("| VGG16Slim |") == section.count("| EfficientNetLite0 |") == len(piece.numbers)


def test_a_figure_has_every_point_where_it_belongs() -> None:
    accuracy = Series(Text("five & six"), [5, 10, 20], [0.5, None, 1.0])
    drawn = ElementTree.fromstring(svg(Chart("line", "images", "accuracy", (accuracy,))))
    dots = [(float(dot.get("cx", "")), float(dot.get("cy", ""))) for dot in drawn.iter(f"{SVG}circle")]
    (left, bottom), (right, top) = dots
    assert left < right
    assert bottom > top
    assert {"five & six", "50%", "100%"} <= {text.text for text in drawn.iter(f"{SVG}text")}


def test_a_bar_is_as_high_as_its_number() -> None:
    shares = Series(Text("share"), ["x", "y"], [0.25, 0.5])
    drawn = ElementTree.fromstring(svg(Chart("bar", "way", "accuracy", (shares,))))
    first, second, _legend = [float(bar.get("height", "")) for bar in drawn.iter(f"{SVG}rect")]
    assert second == pytest.approx(2 * first, abs=0.2)
