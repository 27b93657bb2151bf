"""What the Code panels of the pages show runs: in English, of which Portuguese is the same with other names and files.

What asks for files of one's own runs in Portuguese too.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.unit.shown_code import LANGUAGES, as_read_in, eagerly, run_code, runs_eagerly
from tests.unit.shown_panels import LAYER, SIZE, feature_panels, image_panels, network_panels, prediction_panels
from tlcore.datasets import load_dataset
from tlcore.features.neighbours import nearest_neighbours
from tlcore.features.projection import project
from tlcore.lesson_code import lecture_code
from tlcore.lesson_code.features import map_code, neighbours_code
from tlcore.projects import save_project
from tlcore.settings import get_settings
from tlcore.training import TrainingSpec, train

__all__ = ["eagerly"]
in_both_languages = pytest.mark.parametrize("language", LANGUAGES)
PANELS = {**image_panels(), **network_panels(), **feature_panels()}
READ = [(panel, language) for panel in PANELS for language in LANGUAGES if language == "en" or "own" in panel]


@pytest.fixture
def own_files(tmp_path: Path, image_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A learner's folder with photos, under the names that the code of both languages asks for."""
    own = tmp_path / "own"
    for folder, photo in (("photos", "photo.jpg"), ("fotos", "foto.jpg")):
        shutil.copytree(image_folder, own / folder)
        shutil.copy(next(image_folder.rglob("*.png")), own / photo)
    monkeypatch.chdir(own)
    return own


@pytest.fixture
def no_drawing(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Figures that would be shown in a browser."""
    import plotly.graph_objects

    shown: list[Any] = []
    monkeypatch.setattr(plotly.graph_objects.Figure, "show", lambda figure: shown.append(figure))
    return shown


@runs_eagerly
@pytest.mark.parametrize(("panel", "language"), READ)
def test_code_of_images_networks_and_features_runs(
    panel: str, language: str, own_files: Path, no_drawing: list[Any]
) -> None:
    code = as_read_in(language, PANELS[panel].replace("'imagenet'", "None"))  # its download is tested elsewhere
    names, _ = run_code(code)

    assert len(names) >= 3
    assert len(no_drawing) == ("px.scatter" in code)


@pytest.fixture(scope="module")
def project_file(session_home: Path) -> Path:
    """The project file of a network that has learned a little."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TLCORE_HOME", str(session_home))
        get_settings.cache_clear()
        spec = TrainingSpec(base="VGG16Slim", weights="random", head=(8,), epochs=1)
        run = train(spec, data=load_dataset("helmets", num_images=20, image_size=SIZE))
        return save_project(run, session_home / "prediction_project.zip")


@runs_eagerly
@in_both_languages
@pytest.mark.parametrize("panel", prediction_panels())
def test_code_of_a_prediction_runs(panel: str, language: str, own_files: Path, project_file: Path) -> None:
    shutil.copy(project_file, own_files / ("project.zip" if language == "en" else "projeto.zip"))
    names, printed = run_code(as_read_in(language, prediction_panels()[panel]))

    heatmap: NDArray[np.float32] = names["heatmap" if language == "en" else "mapa"]
    assert heatmap.shape == SIZE
    assert len(printed.splitlines()) == (5 if "base" in panel else 2)


@runs_eagerly
def test_code_of_the_lecture_runs() -> None:
    """The learner's own images are there already; so are the base's weights, whose download is tested elsewhere."""
    data = load_dataset("helmets", num_images=20)
    names: dict[str, Any] = {}
    for split, part in {"train": data.train, "val": data.validation}.items():
        names |= {f"{split}_images": part.images[:4], f"{split}_labels": part.labels[:4]}
    run_code(lecture_code().replace("'imagenet'", "None"), names)
    assert names["train_features"].shape == (4, 4 * 4 * 512)


@runs_eagerly
def test_code_of_the_features_gives_what_the_page_shows(no_drawing: list[Any]) -> None:
    names, _ = run_code(map_code(LAYER, perplexity=None, num_images=20))
    np.testing.assert_allclose(names["points"], project(names["features"]).points, atol=1e-4)

    names, _ = run_code(neighbours_code(LAYER, 6, count=4, metric="euclidean"))
    ours = nearest_neighbours(names["features"], names["features"][6], count=4, measure="euclidean", leave_out=6)
    assert names["indices"][0, 1:].tolist() == [near.index for near in ours]
