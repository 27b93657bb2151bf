"""The base: raw pictures in, preprocessing inside, weights from where the caller said and from nowhere else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.plain_keras import PlainKeras
from tlcore.architectures.build import build_network
from tlcore.errors import InvalidArgumentError, WeightsError
from tlcore.models import build_base
from tlcore.models.preprocessing import preprocess

SHAPE = (32, 32, 3)


@pytest.fixture(scope="module")
def slim() -> Any:
    return build_base("VGG16Slim", input_shape=SHAPE)


@pytest.mark.parametrize("mode", ["caffe", "tf", "torch"])
def test_preprocessing_equals_that_of_keras(mode: str, tiny_images: NDArray[np.uint8]) -> None:
    import keras

    inputs = keras.Input(SHAPE)
    prepared = preprocess(inputs, mode)
    expected = keras.applications.imagenet_utils.preprocess_input(tiny_images.astype("float32"), mode=mode)

    np.testing.assert_allclose(keras.Model(inputs, prepared)(tiny_images), expected, atol=1e-4)


def test_grey_pictures_are_refused_where_the_mean_is_one_of_colours() -> None:
    with pytest.raises(InvalidArgumentError, match="RGB"):
        build_base("VGG16", input_shape=(32, 32, 1))


def test_uint8_and_float32_pictures_give_the_same(slim: Any, tiny_images: NDArray[np.uint8]) -> None:
    as_float = np.asarray(slim(tiny_images.astype("float32")))

    np.testing.assert_array_equal(np.asarray(slim(tiny_images)), as_float)
    assert as_float.shape == (12, 1, 1, 288)


@pytest.mark.parametrize("name", ["VGG16", "MobileNetV2", "VGG16Slim"])
def test_layers_keep_the_names_of_the_network(name: str) -> None:
    base = build_base(name, input_shape=SHAPE)
    network = build_network(name, input_shape=SHAPE, include_top=False)

    names = [layer.name for layer in base.layers]
    assert [layer.name for layer in network.layers][1:] == names[len(names) - len(network.layers) + 1 :]
    assert base.count_params() == network.count_params()


def test_a_saved_base_opens_in_plain_keras(
    tmp_path: Path, tiny_images: NDArray[np.uint8], plain_keras: PlainKeras
) -> None:
    base = build_base("VGG16", input_shape=SHAPE)
    base.save(tmp_path / "base.keras")
    outputs = plain_keras.predict(tmp_path / "base.keras", tiny_images)
    np.testing.assert_array_equal(outputs, base.predict(tiny_images, verbose=0))


def test_random_weights_are_named_so_and_follow_the_seed() -> None:
    import keras

    hashes = []
    for _ in range(2):
        keras.utils.set_random_seed(3)
        info = build_base("VGG16Slim", input_shape=SHAPE, weights="random").tlcore_info
        assert info.weights_source == "random"
        hashes.append(info.weights_hash)
    assert hashes[0] == hashes[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"name": "VGG99", "input_shape": SHAPE}, "VGG"),
        ({"name": "VGG16", "input_shape": (16, 16, 3)}, "32"),
        ({"name": "VGG16", "input_shape": (32,)}, "height, width, channels"),
        ({"name": "VGG16", "input_shape": SHAPE, "weights": "imagnet"}, "imagnet"),
        ({"name": "VGG16", "input_shape": SHAPE, "weights": "embedded"}, "VGG16Slim"),
        ({"name": "VGG16", "input_shape": SHAPE, "pooling": "median"}, "median"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidArgumentError, match=words):
        build_base(**arguments)


def test_a_network_without_published_weights_says_so() -> None:
    with pytest.raises(WeightsError, match="nobody publishes"):
        build_base("VGG16Slim", input_shape=SHAPE, weights="imagenet")


def test_asking_what_is_available_loads_no_tensorflow() -> None:
    code = (
        "import sys; from tlcore.models import available_weights; available_weights('VGG16');"
        "raise SystemExit(bool({'tensorflow', 'keras'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
