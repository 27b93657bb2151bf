"""A run as a notebook repeats the run, in the language of its reader."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from pages.ui.common.i18n import translations_of
from tests.unit.shown_code import LANGUAGES, eagerly, run_code, runs_eagerly
from tlcore.errors import ExportError
from tlcore.export import export_notebook, notebook_text
from tlcore.lesson_code import OwnImages, ReadySet
from tlcore.projects import ProjectDocument
from tlcore.training.specification import TrainingSpec

__all__ = ["eagerly"]
SHAPE = (32, 32, 3)
READY = ReadySet("helmets", SHAPE[:2], num_images=20)


@pytest.fixture
def document() -> ProjectDocument:
    spec = TrainingSpec(
        base="VGG16Slim", weights="random", method="fine_tuning", head=(8,), epochs=1, fine_tuning_epochs=1
    )
    return ProjectDocument(
        spec=spec,
        input_shape=SHAPE,
        class_names=("com capacete", "sem capacete"),
        test_metrics={"accuracy": 0.9, "balanced_accuracy": 0.875, "wilson_interval": {"low": 0.77, "high": 0.96}},
    )


def run_cells(path: Path) -> dict[str, Any]:
    """Runs the cells from the first to the last."""
    names: dict[str, Any] = {}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            run_code(cell["source"], names)
    return names


@runs_eagerly
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notebook_runs_from_the_first_cell_to_the_last(
    document: ProjectDocument, language: str, tmp_path: Path
) -> None:
    translate = translations_of(language).gettext
    path = export_notebook(document, tmp_path / "aula", data=READY, language=language, translate=translate)
    names = run_cells(path)

    assert path.name == "aula.ipynb"
    assert len(names["figure" if language == "en" else "figura"].data) == 2
    assert ("historico" in names, "history" in names) == ((False, True) if language == "en" else (True, False))
    assert list(tmp_path.iterdir()) == [path]


@runs_eagerly
@pytest.mark.parametrize("data", [None, OwnImages(SHAPE[:2])])
def test_a_notebook_of_one_s_own_images_reads_them_from_a_folder(
    data: OwnImages | None, document: ProjectDocument, image_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the set was called where it was brought."""
    named = document.model_copy(update={"spec": document.spec.model_copy(update={"dataset": "my own photos"})})
    own = image_folder.parent / "own"
    shutil.copytree(image_folder, own / "photos")
    monkeypatch.chdir(own)
    names = run_cells(export_notebook(named, own / "lesson", data=data))
    assert names["data"].class_names == ("blue", "red")


def test_the_folder_stands_in_the_first_line_of_code(document: ProjectDocument) -> None:
    cells = json.loads(notebook_text(document))["cells"]
    first = next(cell["source"] for cell in cells if cell["cell_type"] == "code")
    assert first.startswith("photos = 'photos'  # your folder")


def test_a_notebook_is_valid_and_says_what_was_measured(document: ProjectDocument) -> None:
    nbformat = pytest.importorskip("nbformat", reason="Needs nbformat, a development package.")
    text = notebook_text(document, data=READY)
    nbformat.validate(nbformat.reads(text, as_version=4))
    assert "90.0%" in text
    assert "77%" in text
    assert "com capacete" in text


def test_all_of_a_notebook_is_translated(document: ProjectDocument) -> None:
    cells = json.loads(notebook_text(document, translate=lambda text: f"[{text}]"))["cells"]
    for cell in cells:
        if cell["cell_type"] == "markdown":
            for paragraph in cell["source"].split("\n\n"):
                assert paragraph.lstrip("# ").startswith("["), paragraph


def test_a_full_disk_is_told_and_nothing_is_left(document: ProjectDocument, tmp_path: Path, full_disk: Any) -> None:
    with full_disk(), pytest.raises(ExportError, match="Free some space"):
        export_notebook(document, tmp_path / "lesson")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told(document: ProjectDocument, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ExportError, match="another place"):
        export_notebook(document, tmp_path / "file" / "aula")
