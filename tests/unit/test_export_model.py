"""Every format is opened again the way its users do, without this package's code, and predicts the same."""

from __future__ import annotations

import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.plain_keras import PlainKeras
from tlcore.architectures import PROPOSED_BASE
from tlcore.errors import ExportError, InvalidArgumentError
from tlcore.export import export_model, formats, get_format, list_formats
from tlcore.export.litert import run_litert
from tlcore.models import build_base
from tlcore.models.head import add_head
from tlcore.models.preprocessing import preprocess
from tlcore.training.specification import TrainingSpec

SHAPE = (32, 32, 3)
TOLERANCE = 1e-5


def classifier(base: str = "VGG16Slim", weights: str = "random") -> Any:
    spec = TrainingSpec(base=base, weights=weights, head=(8,))
    return add_head(build_base(base, input_shape=SHAPE, weights=weights), spec.head_spec(2)).model


def small_network(mode: str) -> Any:
    """The operations that the registered networks are made of, behind one way of preprocessing."""
    import keras
    from keras import layers

    images = keras.Input(SHAPE)
    x = preprocess(images, mode)
    x = layers.Conv2D(8, 3, strides=2, padding="same", activation="relu")(x)
    x = layers.BatchNormalization()(layers.DepthwiseConv2D(3, padding="same")(x))
    x = layers.Concatenate()([layers.ReLU(6.0)(x), layers.AveragePooling2D(3, 1, padding="same")(x)])
    x = layers.Dropout(0.5)(layers.GlobalAveragePooling2D()(x))
    return keras.Model(images, layers.Dense(3, activation="softmax")(x))


@pytest.fixture(scope="module", params=["VGG16Slim", PROPOSED_BASE, "caffe", "torch"])
def model(request: pytest.FixtureRequest) -> Any:
    if request.param == PROPOSED_BASE:
        return classifier(PROPOSED_BASE, "imagenet")
    return classifier() if request.param == "VGG16Slim" else small_network(request.param)


@pytest.fixture(scope="module")
def slim() -> Any:
    return classifier()


@pytest.fixture
def expected(model: Any, tiny_images: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(model(tiny_images))


def test_keras_opens_without_this_package(
    model: Any, expected: Any, tiny_images: NDArray[np.uint8], tmp_path: Path, plain_keras: PlainKeras
) -> None:
    path = export_model(model, tmp_path / "lesson", format="keras")
    np.testing.assert_allclose(plain_keras.predict(path, tiny_images), expected, atol=TOLERANCE)


def test_tflite_predicts_the_same(model: Any, expected: Any, tiny_images: NDArray[np.uint8], tmp_path: Path) -> None:
    import tensorflow as tf

    path = export_model(model, tmp_path / "lesson", format="tflite")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tf.lite moves to a package of its own
        interpreter = tf.lite.Interpreter(model_path=str(path))
    run = interpreter.get_signature_runner()
    (name,) = run.get_input_details()
    (outputs,) = run(**{name: tiny_images.astype(np.float32)}).values()

    np.testing.assert_allclose(outputs, expected, atol=TOLERANCE)


def test_onnx_predicts_the_same(model: Any, expected: Any, tiny_images: NDArray[np.uint8], tmp_path: Path) -> None:
    pytest.importorskip("tf2onnx", reason="Needs the optional packages onnx and tf2onnx.")
    runtime = pytest.importorskip("onnxruntime", reason="Needs onnxruntime to open what was written.")

    path = export_model(model, tmp_path / "lesson", format="onnx")
    session = runtime.InferenceSession(str(path))
    (outputs,) = session.run(None, {session.get_inputs()[0].name: tiny_images.astype(np.float32)})

    np.testing.assert_allclose(outputs, expected, atol=TOLERANCE)


def test_savedmodel_predicts_the_same(
    model: Any, expected: Any, tiny_images: NDArray[np.uint8], tmp_path: Path
) -> None:
    import tensorflow as tf

    path = export_model(model, tmp_path / "lesson", format="savedmodel")
    loaded = tf.saved_model.load(str(path))
    outputs = loaded.serve(tiny_images.astype(np.float32))

    np.testing.assert_allclose(outputs, expected, atol=TOLERANCE)


def test_a_savedmodel_can_be_one_file(slim: Any, tmp_path: Path) -> None:
    path = export_model(slim, tmp_path / "lesson.zip", format="savedmodel")
    assert "saved_model.pb" in zipfile.ZipFile(path).namelist()
    assert list(tmp_path.iterdir()) == [path]


def test_exporting_again_replaces_and_leaves_nothing_else(slim: Any, tmp_path: Path) -> None:
    for _ in range(2):
        export_model(slim, tmp_path / "lesson", format="savedmodel")
        export_model(slim, tmp_path / "lesson.keras", format="keras")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lesson", "lesson.keras"]


def test_a_folder_with_other_files_is_left_alone(slim: Any, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(ExportError, match="another name"):
        export_model(slim, tmp_path, format="savedmodel")
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_missing_packages_are_named(slim: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "find_spec", lambda name: None)
    with pytest.raises(ExportError, match="pip install onnx tf2onnx"):
        export_model(slim, tmp_path / "lesson", format="onnx")


def test_a_network_that_cannot_be_converted_is_told(tmp_path: Path) -> None:
    import keras
    from keras import ops

    values = keras.Input((4,))
    with pytest.raises(ExportError, match="Erfinv"):
        export_model(keras.Model(values, ops.erfinv(values)), tmp_path / "lesson", format="tflite")
    assert list(tmp_path.iterdir()) == []


def test_smaller_tflite_files_say_nearly_the_same(tiny_images: NDArray[np.uint8], tmp_path: Path) -> None:
    model = small_network("scale")
    expected, sizes = np.asarray(model(tiny_images)), []
    for precision, tolerance in (("float32", 1e-5), ("float16", 2e-3), ("int8", 0.05)):
        path = export_model(model, tmp_path / precision, format="tflite", precision=precision, images=tiny_images)
        np.testing.assert_allclose(run_litert(path, tiny_images), expected, atol=tolerance)
        sizes.append(path.stat().st_size)
    assert sizes[0] > sizes[1] > 0


def test_eight_bits_need_images_and_other_formats_have_no_sizes(slim: Any, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="Give `images`"):
        export_model(slim, tmp_path / "lesson", format="tflite", precision="int8")
    for arguments in ({"format": "keras", "precision": "int8"}, {"format": "tflite", "precision": "int4"}):
        with pytest.raises(InvalidArgumentError, match="precision"):
            export_model(slim, tmp_path / "lesson", **arguments)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told(slim: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ExportError, match="another place"):
        export_model(slim, tmp_path / "file" / "lesson", format="keras")


@pytest.mark.parametrize("name", ["keras", "tflite", "savedmodel"])
def test_a_full_disk_is_told_and_nothing_is_left(name: str, slim: Any, tmp_path: Path, full_disk: Any) -> None:
    with full_disk(), pytest.raises(ExportError, match="Free some space"):
        export_model(slim, tmp_path / "lesson", format=name)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_format_is_refused(slim: Any, tmp_path: Path) -> None:
    with pytest.raises(InvalidArgumentError, match="savedmodel"):
        export_model(slim, tmp_path / "lesson", format="pickle")


@pytest.mark.parametrize("name", list_formats())
def test_every_format_says_what_it_is_good_for(name: str) -> None:
    entry = get_format(name)
    assert entry.title
    assert len(entry.description) > 20
