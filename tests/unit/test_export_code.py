"""The code that people are shown runs, and builds and trains the network that it says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tlcore.architectures import list_architectures
from tlcore.errors import ExportError
from tlcore.export import export_notebook, keras_code, notebook_text
from tlcore.models import build_base
from tlcore.projects import ProjectDocument
from tlcore.training import TrainingSpec, list_methods
from tlcore.training.network import build_network

SHAPE = (32, 32, 3)
#: Stands for data of one's own: eight images a set, reddish and bluish.
DATA = """
sorteio = np.random.default_rng(0)
def imagens():
    pixels = sorteio.integers(0, 120, size=(8, 32, 32, 3), dtype=np.uint8)
    pixels[0::2, ..., 0] += 120
    pixels[1::2, ..., 2] += 120
    return pixels
train_imagens, val_imagens, test_imagens = imagens(), imagens(), imagens()
train_labels = val_labels = test_labels = np.arange(8) % 2
"""


def make_spec(**settings: Any) -> TrainingSpec:
    return TrainingSpec(
        **{"base": "VGG16Slim", "weights": "random", "head": (8,), "epochs": 1, "fine_tuning_epochs": 1, **settings}
    )


def run_code(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(code, "code panel", "exec"), names)
    return names


@pytest.mark.parametrize("method", list_methods())
@pytest.mark.parametrize("pooling", ["flatten", "average"])
def test_every_method_runs_as_it_is_shown(method: str, pooling: str) -> None:
    names = run_code(keras_code(make_spec(method=method, pooling=pooling), input_shape=SHAPE, data=DATA))

    assert 0 <= names["exatidao"] <= 1
    assert len(names["historico"].history["loss"]) == 1
    assert ("historico_sintonia" in names) == (method == "fine_tuning")


def test_from_scratch_the_code_starts_with_the_weights_that_training_starts_with() -> None:
    spec = make_spec(method="scratch", seed=3)
    code = keras_code(spec, input_shape=SHAPE, data=DATA)
    names = run_code(code[: code.index("# " + "The base as a layer")])
    ours = build_network(spec, SHAPE, 2).base
    for shown, trained in zip(names["rna_base"].get_weights(), ours.get_weights(), strict=True):
        np.testing.assert_array_equal(shown, trained)


def test_fine_tuning_has_the_tensors_of_the_lecture(capsys: pytest.CaptureFixture[str]) -> None:
    run_code(keras_code(make_spec(method="fine_tuning"), input_shape=SHAPE, data=DATA))
    counts = [line for line in capsys.readouterr().out.splitlines() if line.isdigit()]
    assert counts == ["30", "4", "10"]


def test_every_option_runs_as_it_is_shown() -> None:
    spec = make_spec(
        method="feature_extraction",
        augmentation=True,
        schedule="cosine",
        optimizer="sgd",
        early_stopping=2,
        class_weights=True,
        l2=0.01,
        head=(8, 4),
        seed=5,
    )
    names = run_code(keras_code(spec, input_shape=SHAPE, data=DATA))

    kinds = [type(layer).__name__ for layer in names["rna"].layers]
    assert kinds[:4] == ["RandomFlip", "RandomTranslation", "RandomZoom", "Functional"]
    assert kinds.count("Dense") == 3
    assert names["rna"].optimizer.momentum == 0.9


def test_more_classes_end_in_a_softmax() -> None:
    names = run_code(keras_code(make_spec(), input_shape=SHAPE, num_classes=3, data=DATA))
    assert names["rna"].output_shape == (None, 3)


@pytest.mark.parametrize(
    ("base", "preprocessed"), [("VGG16", True), ("MobileNetV2", True), ("EfficientNetB0", False), ("ResNet50", True)]
)
def test_networks_of_keras_come_from_keras_with_their_preprocessing(base: str, preprocessed: bool) -> None:
    code = keras_code(TrainingSpec(base=base, weights="imagenet"), data=DATA)
    assert f"from keras.applications import {base}\n" in code
    assert f"rna_base = {base}(weights='imagenet', include_top=False, input_shape=(150, 150, 3))" in code
    assert ("preprocess_input" in code) == preprocessed
    assert "tlcore" not in code


def test_code_imports_what_its_images_come_from() -> None:
    code = keras_code(TrainingSpec(base="VGG16", weights="imagenet"), data="data = tlcore.load_dataset('digits')\n")
    assert code.index("import tlcore\n") < code.index("tlcore.load_dataset")


def test_preprocessing_of_the_code_equals_that_of_the_base() -> None:
    import keras

    spec = make_spec(base="VGG16", method="frozen", dropout=0.0)
    code = keras_code(spec, input_shape=SHAPE, data=DATA)
    names = run_code(code[: code.index("# " + "The base as a layer")])
    ours = build_base("VGG16", input_shape=SHAPE)
    ours.set_weights(names["rna_base"].get_weights())
    raw = run_code("import numpy as np\n" + DATA)["train_imagens"]

    expected = keras.ops.convert_to_numpy(names["rna_base"](names["train_imagens"]))
    np.testing.assert_allclose(keras.ops.convert_to_numpy(ours(raw)), expected, rtol=1e-4, atol=1e-4)


def test_code_needs_no_tensorflow_for_any_network() -> None:
    code = (
        "import sys; from tlcore.export import keras_code; from tlcore.training.specification import TrainingSpec;"
        "spec = lambda name: TrainingSpec(base=name, method='fine_tuning');"
        f"[compile(keras_code(spec(name)), name, 'exec') for name in {list_architectures()}];"
        "raise SystemExit(bool({'tensorflow', 'keras'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_comments_are_translated_and_names_stay_the_lectures() -> None:
    code = keras_code(make_spec(method="fine_tuning"), translate=lambda text: text.upper())
    assert "# FREEZE THE BASE" in code
    assert "rna_base.trainable = False" in code


# Notebooks


@pytest.fixture
def document() -> ProjectDocument:
    return ProjectDocument(
        spec=make_spec(method="fine_tuning"),
        input_shape=SHAPE,
        class_names=("com capacete", "sem capacete"),
        test_metrics={"accuracy": 0.9, "balanced_accuracy": 0.875, "wilson_interval": {"low": 0.77, "high": 0.96}},
    )


def test_a_notebook_runs_from_the_first_cell_to_the_last(document: ProjectDocument, tmp_path: Path) -> None:
    path = export_notebook(document, tmp_path / "aula", data=DATA)
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    names: dict[str, Any] = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec(compile(cell["source"], cell["id"], "exec"), names)

    assert path.name == "aula.ipynb"
    assert 0 <= names["exatidao"] <= 1
    assert list(tmp_path.iterdir()) == [path]


def test_a_notebook_is_valid_and_says_what_was_measured(document: ProjectDocument) -> None:
    nbformat = pytest.importorskip("nbformat", reason="Needs nbformat, a development package.")
    text = notebook_text(document, data=DATA)
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
