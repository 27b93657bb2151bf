"""The map of the lecture: its links, paths and names lead somewhere, and no statement of the lecture is missing."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

import tlcore
from pages.ui.architecture_explorer.state import ExplorerLink
from pages.ui.classroom.state import ClassroomLink
from pages.ui.common.i18n import LANGUAGES
from pages.ui.common.links import Link
from pages.ui.common.navigation import STOPS
from pages.ui.datasets.state import DatasetsLink
from pages.ui.experiments.state import ExperimentsLink
from pages.ui.feature_extraction.state import FeatureExtractionLink
from pages.ui.fine_tuning.state import FineTuningLink
from pages.ui.live_prediction.state import LivePredictionLink
from pages.ui.museum.state import MuseumLink
from tests.conftest import REPOSITORY
from tlcore.architectures import describe
from tlcore.experiments import list_experiments
from tlcore.museum import get_piece

TEXT = (REPOSITORY / "docs" / "lecture-map.md").read_text("utf-8")
ROWS = [(row[0].strip(), row[1]) for row in re.findall(r"^\| (.+?) \| (.+) \|$", TEXT, re.MULTILINE)]
#: Of the map and of every other page of the documentation.
LINKS = sorted(
    {
        link
        for path in (REPOSITORY / "docs").rglob("*.md")
        for link in re.findall(r"\(http://localhost:8501/([^)]*)\)", path.read_text("utf-8"))
    }
)
#: What a page's URL may ask; the other pages take no parameters.
MODELS: dict[str, type[Link]] = {
    "architecture_explorer": ExplorerLink,
    "classroom": ClassroomLink,
    "datasets": DatasetsLink,
    "experiments": ExperimentsLink,
    "feature_extraction": FeatureExtractionLink,
    "fine_tuning": FineTuningLink,
    "live_prediction": LivePredictionLink,
    "museum": MuseumLink,
}


@cache
def layers_of(network: str, *, top: bool) -> set[str]:
    return {layer.name for layer in describe(network, include_top=top).layers}


@pytest.mark.parametrize("link", LINKS)
def test_a_link_asks_for_what_its_page_knows(link: str) -> None:
    address = urlsplit(link)
    asked = dict(parse_qsl(address.query, strict_parsing=True)) if address.query else {}
    assert asked.pop("lang", "en") in LANGUAGES
    model = MODELS.get(address.path, Link)
    assert address.path in {"", *(stop.url_path for stop in STOPS[1:])}, "the first page has no path of its own"
    assert set(asked) <= set(model.model_fields)
    model.model_validate(asked)
    if address.path == "architecture_explorer" and "layer" in asked:
        assert asked["layer"] in layers_of(asked["network"], top=asked.get("top") != "0")
    for name in ("layer", "unfreeze"):
        if address.path in ("feature_extraction", "fine_tuning") and name in asked:
            assert asked[name] in layers_of(asked["base"], top=False)


def test_every_experiment_is_linked() -> None:
    linked = set(re.findall(r"experiment=(\w+)", " ".join(LINKS)))
    assert linked == set(list_experiments())


def test_paths_and_names_exist() -> None:
    paths = set(re.findall(r"`((?:pages|tlcore|benchmarks)/[\w/.]*)`", TEXT))
    names = set(re.findall(r"`tlcore\.(\w+)`", TEXT))
    assert len(paths) > 10
    assert [path for path in paths if not (REPOSITORY / path).exists()] == []
    assert {"build_base", "train"} <= names <= set(tlcore.__all__)


def test_the_titles_of_experiments_are_those_of_the_page() -> None:
    shown = dict(re.findall(r"\[([^]]+)\]\(http://localhost:8501/experiments\?experiment=(\w+)\)", TEXT))
    registry = import_module("tlcore.experiments")
    assert shown == {registry.get_experiment(name).title: name for name in list_experiments()}


def test_the_titles_of_the_museum_are_those_of_the_page() -> None:
    shown = re.findall(r"\[([^]]+)\]\(http://localhost:8501/museum\?piece=(\w+)\)", TEXT)
    assert shown
    assert [get_piece(name).title for _title, name in shown] == [title for title, _name in shown]


def statements(lecture: str) -> list[str]:
    """Every line of the slides' text outside of code, without the marks of Markdown and the person's name."""
    prose = re.sub(r"```.*?```", "", lecture, flags=re.DOTALL)
    lines = [re.sub(r"<[^>]+>", "", line).strip(" -") for line in prose.splitlines() if not line.startswith("#")]
    lines = [re.sub(r"^\d\. ", "", " ".join(line.split())) for line in lines]
    return [line for line in lines if len(line) > 1 and not line.startswith("Eduardo L. L.")]


def test_every_statement_of_the_lecture_is_in_the_map_and_in_its_order(shared_folder: Path) -> None:
    (path,) = (shared_folder / "lecture").glob("*.txt")
    said = statements(path.read_text("utf-8"))
    quoted = [words for words, _ in ROWS if not words.startswith(("Code:", "Table of", "the lecture", "---"))]
    assert len(said) == len(quoted)
    assert [(line, words) for line, words in zip(said, quoted, strict=True) if not line.startswith(words)] == []


def test_every_block_of_code_of_the_lecture_is_in_the_map(shared_folder: Path) -> None:
    (path,) = (shared_folder / "lecture").glob("*.txt")
    blocks = re.findall(r"```\n(.*?)```", path.read_text("utf-8"), re.DOTALL)
    quoted = re.findall(r"^\| (?:Code|Table of the base): `([^`]+)` \|", TEXT, re.MULTILINE)
    assert len(blocks) == len(quoted)
    assert [words for block, words in zip(blocks, quoted, strict=True) if words not in block] == []
