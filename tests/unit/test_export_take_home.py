"""What is taken home works where this package is not: the notebook is run from its first cell to its last."""

from __future__ import annotations

import json
import os
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from numpy.typing import NDArray

from pages.ui.common.i18n import translations_of
from tests.conftest import REPOSITORY
from tests.plain_keras import PlainKeras
from tests.unit.shown_code import run_code
from tlcore.datasets import Dataset, dataset_digest, import_dataset, load_dataset
from tlcore.datasets.packing import class_folders, pack_dataset
from tlcore.errors import ExportError
from tlcore.export import export_take_home
from tlcore.models import build_base
from tlcore.models.head import add_head
from tlcore.training import Run, TrainingSpec, train
from tlcore.training.trained_network import OwnNetwork

pytestmark = pytest.mark.xdist_group("plain_keras")  # with what else opens networks elsewhere, and one run for all
SPEC = TrainingSpec(base="VGG16Slim", method="feature_extraction", head=(8,), epochs=3, learning_rate=1e-3)


@pytest.fixture(scope="module")
def data() -> Dataset:
    """As somebody left it: a class was renamed, to what no folder can be called."""
    drawn = load_dataset("helmets", num_images=60, image_size=(32, 32))
    return replace(drawn, name="obra", class_names=("com capacete", "sem capacete?"))


@pytest.fixture(scope="module")
def run(data: Dataset) -> Run:
    return train(SPEC, data)


def test_the_notebook_repeats_the_run_without_this_package(run: Run, data: Dataset, tmp_path: Path) -> None:
    translate = translations_of("pt-BR").gettext
    path = export_take_home(run, tmp_path / "obra.zip", data=data, language="pt-BR", translate=translate)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "home")
    notebook = nbformat.read(tmp_path / "home" / "notebook.ipynb", as_version=4)
    nbformat.validate(notebook)
    asked = "import importlib.util, json; json.dumps([exatidao, importlib.util.find_spec('tlcore') is None])"
    notebook.cells.append(nbformat.v4.new_code_cell(asked))
    elsewhere = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    client = NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(tmp_path / "home")}})
    client.execute(env=elsewhere)

    accuracy, alone = json.loads(notebook.cells[-1].outputs[0]["data"]["text/plain"].strip("'"))
    assert alone, "there is no tlcore where it runs"
    interval = run.test_metrics["wilson_interval"]
    assert interval["low"] <= accuracy <= interval["high"]
    assert "sem capacete?" in str(notebook.cells[-3].outputs), "the trained network was asked about a photo"


def test_what_is_in_it(run: Run, data: Dataset, tmp_path: Path) -> None:
    with zipfile.ZipFile(export_take_home(run, tmp_path / "obra.zip", data=data)) as archive:
        names = archive.namelist()
        cells = json.loads(archive.read("notebook.ipynb"))["cells"]
        script, card, readme = (archive.read(name).decode() for name in ("train.py", "MODEL_CARD.md", "README.md"))
    files = {name for name in names if not name.startswith("images/")}
    assert files == {
        *("notebook.ipynb", "train.py", "class_names.json", "MODEL_CARD.md", "README.md", "requirements.txt"),
        *("trained.keras", "base.keras"),
    }
    assert sum(name.startswith("images/test/") for name in names) == len(data.test)
    compile(script, "train.py", "exec")
    assert all(cell["source"] in script for cell in cells if cell["cell_type"] == "code")
    assert "tlcore" not in script
    assert all(f"`{name}`" in readme for name in files - {"README.md"})
    assert f"{run.test_metrics['accuracy']:.1%}" in card
    assert "| com capacete | 18 |" in card, "images of each class are counted"
    assert "VGG16Slim" in card


def test_the_code_of_the_guide_runs(run: Run, data: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    guide = (REPOSITORY / "docs" / "how-to" / "take-home.md").read_text("utf-8")
    run_code(guide.partition("```python\n")[2].partition("```")[0], {"run": run, "data": data})
    assert {path.name for path in tmp_path.iterdir()} == {"lesson.zip", "project.zip", "small.tflite"}


def test_without_its_images_it_says_where_they_go(run: Run, tmp_path: Path) -> None:
    with zipfile.ZipFile(export_take_home(run, tmp_path / "obra.zip")) as archive:
        assert not [name for name in archive.namelist() if name.startswith("images/")]
        assert "images/train" in archive.read("README.md").decode()


def test_a_network_with_layers_of_its_own_brings_them(
    tmp_path: Path, plain_keras: PlainKeras, tiny_images: NDArray[np.uint8]
) -> None:
    spec = TrainingSpec(base="LeNet5", weights="random", head=(4,), method="scratch")
    network = OwnNetwork(add_head(build_base("LeNet5", input_shape=(32, 32, 3)), spec.head_spec(2)))
    untrained = Run(spec, network, ("a", "b"), [], 0, 0, None, {}, {}, {})
    with zipfile.ZipFile(export_take_home(untrained, tmp_path / "lenet.zip")) as archive:
        archive.extractall(tmp_path / "home")
    expected = np.asarray(network.model(tiny_images))
    np.testing.assert_allclose(
        plain_keras.predict(tmp_path / "home" / "trained.keras", tiny_images), expected, atol=1e-5
    )
    script = (tmp_path / "home" / "train.py").read_text("utf-8")
    assert script.index("import custom_layers") < script.index("load_model")


def test_a_full_disk_is_told_and_nothing_is_left(run: Run, tmp_path: Path, full_disk: Any) -> None:
    with full_disk(), pytest.raises(ExportError, match="Free some space"):
        export_take_home(run, tmp_path / "obra.zip")
    assert list(tmp_path.iterdir()) == []


def test_a_packed_set_comes_back_as_it_was(data: Dataset, tmp_path: Path) -> None:
    pack_dataset(data, tmp_path / "images.zip")
    again = import_dataset(tmp_path / "images.zip", image_size=(32, 32), keep_split=True)
    folders = class_folders(data.class_names)
    assert again.class_names == folders == ("com capacete", "sem capacete-")
    assert dataset_digest(again) == dataset_digest(replace(data, class_names=folders))


def test_folders_of_classes_have_names_that_every_system_takes() -> None:
    assert class_folders(("a/b", "a:b", "A-b", "..", "x" * 99)) == ("a-b", "a-b-2", "A-b-3", "class-4", "x" * 60)
