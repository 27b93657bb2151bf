"""The code of a training run does what training does: it runs, and builds and trains the network that it says."""

from __future__ import annotations

import shutil
import subprocess
import sys
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.unit.shown_code import LANGUAGES, as_read_in, eagerly, run_code, runs_eagerly
from tlcore.architectures import list_architectures
from tlcore.lesson_code import OwnImages, ReadySet, dataset_code, keras_code
from tlcore.models import build_base
from tlcore.models.unfreezing import find_unfreeze_layer, tabled_unfreeze_layer
from tlcore.training import TrainingSpec, list_methods
from tlcore.training.network import build_network

__all__ = ["eagerly"]
SHAPE = (32, 32, 3)
IMAGES = ReadySet("helmets", SHAPE[:2], num_images=20)


def make_spec(**settings: Any) -> TrainingSpec:
    return TrainingSpec(
        **{"base": "VGG16Slim", "weights": "random", "head": (8,), "epochs": 1, "fine_tuning_epochs": 1, **settings}
    )


def code_of(spec: TrainingSpec, **options: Any) -> str:
    return keras_code(spec, **{"input_shape": SHAPE, "data": IMAGES, **options})


def up_to(title: str, code: str) -> str:
    return code[: code.index(f"# {title}")]


@runs_eagerly
@pytest.mark.parametrize(("method", "pooling"), [*zip(list_methods(), cycle(["flatten", "average"]), strict=False)])
def test_every_method_runs_as_it_is_shown(method: str, pooling: str) -> None:
    names, printed = run_code(code_of(make_spec(method=method, pooling=pooling)))

    assert printed.split()[-1] == str(names["test_accuracy"])
    assert len(names["history"].history["loss"]) == 1
    assert ("fine_tuning_history" in names) == (method == "fine_tuning")
    assert names["model"].layers[-1].units == 1


@runs_eagerly
@pytest.mark.parametrize("batch_norm", ["inference", "training"])
def test_the_statistics_of_a_base_move_where_training_moves_them(batch_norm: str) -> None:
    names, _ = run_code(code_of(make_spec(base="MobileNet025", method="fine_tuning", batch_norm=batch_norm)))
    last = names["base_model"].get_layer("conv_pw_13_bn")
    assert last.trainable
    assert np.any(last.moving_variance.numpy() != 1.0) == (batch_norm == "training")


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"base": "EfficientNetLite0", "method": "fine_tuning"}, True),
        ({"base": "EfficientNetLite0", "method": "unfrozen"}, True),
        ({"base": "EfficientNetLite0", "method": "frozen"}, False),
        ({"base": "EfficientNetLite0", "method": "scratch"}, False),
        ({"base": "VGG16", "method": "fine_tuning"}, False),
    ],
)
def test_inference_mode_is_written_only_where_it_changes_something(settings: dict[str, Any], says: bool) -> None:
    assert ("training=False" in code_of(make_spec(**settings))) == says


@runs_eagerly
def test_in_portuguese_the_names_are_the_lectures() -> None:
    names, _ = run_code(as_read_in("pt-BR", code_of(make_spec(method="fine_tuning"))))
    assert {"rna_base", "rna", "train_imagens", "val_imagens", "test_imagens", "train_labels", "historico"} <= set(
        names
    )
    assert not {"base_model", "model", "train_images", "history", "data"} & set(names)


@runs_eagerly
def test_fine_tuning_has_the_tensors_of_the_lecture() -> None:
    _, printed = run_code(code_of(make_spec(method="fine_tuning")))
    assert [line for line in printed.splitlines() if line.isdigit()] == ["30", "4", "10"]


@runs_eagerly
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_option_runs_as_it_is_shown(language: str) -> None:
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
    names, _ = run_code(as_read_in(language, code_of(spec)))

    model = names["model" if language == "en" else "rna"]
    kinds = [type(layer).__name__ for layer in model.layers]
    assert kinds[:4] == ["RandomFlip", "RandomTranslation", "RandomZoom", "Functional"]
    assert kinds.count("Dense") == 3
    assert model.optimizer.momentum == 0.9


@runs_eagerly
def test_more_classes_end_in_a_softmax() -> None:
    digits = ReadySet("digits", SHAPE[:2], num_images=40)
    names, _ = run_code(code_of(make_spec(), num_classes=10, data=digits))
    assert names["model"].layers[-1].units == 10


@runs_eagerly
@pytest.mark.parametrize("language", LANGUAGES)
def test_one_s_own_images_are_read_from_a_folder_that_stands_at_the_top(
    language: str, image_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = "photos" if language == "en" else "fotos"
    shutil.copytree(image_folder, image_folder.parent / "own" / folder)
    monkeypatch.chdir(image_folder.parent / "own")
    code = as_read_in(language, code_of(make_spec(), data=OwnImages(SHAPE[:2])))
    names, _ = run_code(code)

    assert code.splitlines()[1].startswith(f"{folder} = '{folder}'")
    assert names["data" if language == "en" else "dados"].class_names == ("blue", "red")


@pytest.mark.parametrize("dataset", [None, "my own photos"])
def test_what_is_no_registered_set_is_looked_for_in_a_folder(dataset: str | None) -> None:
    code = code_of(make_spec(dataset=dataset), data=None)
    assert "load_dataset" not in code
    assert "data = tlcore.import_dataset(photos, image_size=(32, 32), seed=0)" in code


def test_a_registered_set_is_loaded_by_its_name() -> None:
    assert "tlcore.load_dataset('digits', image_size=(32, 32), seed=7)" in code_of(
        make_spec(dataset="digits", seed=7), data=None
    )


def test_from_scratch_the_code_starts_with_the_weights_that_training_starts_with() -> None:
    spec = make_spec(method="scratch", seed=3)
    names, _ = run_code(up_to("The base as a layer", code_of(spec)))
    ours = build_network(spec, SHAPE, 2).base
    for shown, trained in zip(names["base_model"].get_weights(), ours.get_weights(), strict=True):
        np.testing.assert_array_equal(shown, trained)


@pytest.mark.parametrize(
    ("base", "preprocessed"), [("VGG16", True), ("MobileNetV2", True), ("EfficientNetB0", False), ("ResNet50", True)]
)
def test_networks_of_keras_come_from_keras_with_their_preprocessing(base: str, preprocessed: bool) -> None:
    code = keras_code(TrainingSpec(base=base, weights="imagenet"), data="train_images = ...")
    assert f"from keras.applications import {base}\n" in code
    assert f"base_model = {base}(" in code
    assert "weights='imagenet', include_top=False, input_shape=(150, 150, 3)" in code
    assert ("preprocess_input" in code) == preprocessed
    assert "tlcore" not in code


def test_code_imports_what_its_images_come_from() -> None:
    code = keras_code(TrainingSpec(base="VGG16", weights="imagenet"), data="data = tlcore.load_dataset('digits')\n")
    assert code.index("import tlcore\n") < code.index("tlcore.load_dataset")


def test_preprocessing_of_the_code_equals_that_of_the_base() -> None:
    import keras

    spec = make_spec(base="VGG16", method="frozen", dropout=0.0)
    names, _ = run_code(up_to("The base as a layer", code_of(spec)))
    ours = build_base("VGG16", input_shape=SHAPE)
    ours.set_weights(names["base_model"].get_weights())

    expected = keras.ops.convert_to_numpy(names["base_model"](names["train_images"]))
    raw = names["data"].train.images
    np.testing.assert_allclose(keras.ops.convert_to_numpy(ours(raw)), expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", ["VGG16", "VGG19", "VGG16Slim", "ResNet50", "MobileNetV2", "DenseNet121"])
def test_fine_tuning_starts_where_training_does(name: str) -> None:
    base = build_base(name, input_shape=SHAPE)
    assert tabled_unfreeze_layer(name, None) == find_unfreeze_layer(base, None)


def test_a_block_is_spelled_out_as_its_first_layer() -> None:
    assert "if layer.name == 'block4_conv1':" in code_of(make_spec(method="fine_tuning", unfreeze_from="block4"))


def test_code_needs_no_tensorflow_for_any_network() -> None:
    code = (
        "import sys; from tlcore.lesson_code import keras_code;"
        "from tlcore.training.specification import TrainingSpec;"
        "spec = lambda name: TrainingSpec(base=name, method='fine_tuning');"
        f"[compile(keras_code(spec(name)), name, 'exec') for name in {list_architectures()}];"
        "raise SystemExit(bool({'tensorflow', 'keras'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_keras_numbers_classes_as_the_program_where_its_own_order_is_another() -> None:
    numbers = ("1", "2", "10")
    assert "class_names=['1', '2', '10']" in dataset_code(OwnImages((64, 64), class_names=numbers))
    assert "class_names" not in dataset_code(OwnImages((64, 64)))
    assert "keep_split=True" in dataset_code(OwnImages((64, 64), keep_split=True))
