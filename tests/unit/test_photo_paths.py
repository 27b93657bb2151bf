"""One photo answers the same, whichever way it comes: as a file, as bytes, as pixels, or by the code that is shown."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tlcore.datasets import decode_image
from tlcore.datasets.images import reading_steps
from tlcore.errors import DatasetError, InvalidArgumentError
from tlcore.explanation import grad_cam
from tlcore.export.agreement import as_printed, compare_ways, first_difference
from tlcore.inference import predict
from tlcore.lesson_code.photos import load_photo
from tlcore.models import build_base
from tlcore.models.head import add_head
from tlcore.training import Run, TrainingSpec
from tlcore.training.trained_network import OwnNetwork

SIZE = (32, 32)
_LIES_ON_ITS_SIDE = 6  # in EXIF


@pytest.fixture(scope="module")
def classifier() -> Any:
    return build_base("VGG16Slim", input_shape=(*SIZE, 3), include_top=True)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """As a phone makes it: wider than high, lying on its side with a note that says so, and no two corners alike."""
    values = np.random.default_rng(0).integers(0, 256, (6, 9, 3), np.uint8)
    picture = Image.fromarray(values).resize((180, 120), Image.Resampling.BICUBIC)
    exif = Image.Exif()
    exif[0x0112] = _LIES_ON_ITS_SIDE
    path = tmp_path / "photo.jpg"
    picture.save(path, exif=exif, quality=95)
    return path


def test_path_bytes_and_pixels_answer_the_same(classifier: Any, photo: Path) -> None:
    data = photo.read_bytes()
    pixels = decode_image(data, image_size=SIZE)

    answers = predict(classifier, pixels)
    assert predict(classifier, photo) == predict(classifier, str(photo)) == predict(classifier, data) == answers
    assert predict(classifier, [photo, data], top=1) == [answers[:1]] * 2
    np.testing.assert_array_equal(grad_cam(classifier, photo), grad_cam(classifier, pixels))


def test_the_code_that_is_shown_reads_the_same_pixels(photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(photo.parent)
    names: dict[str, Any] = {}
    exec("from PIL import Image, ImageOps\n" + load_photo(SIZE), names)

    np.testing.assert_array_equal(names["photo"], decode_image(photo.read_bytes(), image_size=SIZE))


def test_every_way_to_an_answer_says_the_same(photo: Path) -> None:
    """The app, a path, the printed code, and the files in each format; the photo is large enough to be cut down."""
    spec = TrainingSpec(base="VGG16Slim", head=(8,))
    network = OwnNetwork(add_head(build_base("VGG16Slim", input_shape=(*SIZE, 3)), spec.head_spec(2)))
    run = Run(spec, network, ("a", "b"), [], 0, 0, None, {}, {}, {})
    agreement = compare_ways(run, photo.read_bytes())

    differences = {answer.way: answer.difference for answer in agreement.answers}
    assert list(differences) == ["app", "predict", "code", "keras", "tflite", "browser", "onnx"]
    assert differences.pop("browser") <= 1e-3, "its weights are in float16; that a browser says so tests a browser"
    assert max(differences.values()) <= 1e-4
    assert (agreement.first_different_step, agreement.pixel_difference) == (None, 0.0)
    assert len({answer.probabilities for answer in agreement.answers[:3]}) == 1, "the same network, the same pixels"


def test_the_step_is_named_where_the_printed_code_reads_other_pixels(tmp_path: Path) -> None:
    """What is transparent is white for the app, and whatever colour lies below it for the printed code."""
    file = BytesIO()
    Image.new("RGBA", (60, 40), (0, 0, 0, 0)).save(file, "PNG")
    upright, fitted = reading_steps(file.getvalue(), SIZE)
    assert upright.shape == (40, 60, 3)
    np.testing.assert_array_equal(fitted, decode_image(file.getvalue(), image_size=SIZE))
    (tmp_path / "photo").write_bytes(file.getvalue())
    printed = as_printed(tmp_path / "photo", SIZE)
    assert first_difference((upright, fitted), printed) == "upright"
    assert first_difference((upright, fitted), (upright, printed[1])) == "fitted"
    assert first_difference((upright, fitted), (upright, fitted)) is None


def test_a_network_of_one_channel_gets_grey() -> None:
    import keras

    inputs = keras.Input((*SIZE, 1))
    network = keras.Model(inputs, keras.layers.Dense(2, activation="softmax")(keras.layers.Flatten()(inputs)))
    file = BytesIO()
    Image.new("RGB", SIZE, "red").save(file, "PNG")

    grey = np.full((*SIZE, 1), 76, np.uint8)  # 0.299 of 255
    assert predict(network, file.getvalue()) == predict(network, grey)


@pytest.mark.parametrize("file", ["missing.jpg", "with\0nul.jpg", "."])
def test_a_file_that_is_not_there_is_named(classifier: Any, file: str) -> None:
    with pytest.raises(DatasetError):
        predict(classifier, file)


def test_what_is_no_image_is_refused(classifier: Any, tmp_path: Path) -> None:
    text = tmp_path / "notes.jpg"
    text.write_text("not an image at all")
    with pytest.raises(DatasetError, match=r"notes\.jpg"):
        predict(classifier, text)
    with pytest.raises(DatasetError):
        predict(classifier, b"not an image at all")
    with pytest.raises(InvalidArgumentError):
        predict(classifier, [])
