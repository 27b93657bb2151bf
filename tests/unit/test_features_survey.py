"""Features at all layers from one pass, against extraction layer by layer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tlcore.architectures import describe, list_architectures
from tlcore.architectures.build import shapes_only
from tlcore.errors import InvalidArgumentError
from tlcore.features import extract_features
from tlcore.features.survey import LayerSurvey, feature_layers, probe_layers
from tlcore.models import build_base
from tlcore.models.base import _build

LAYERS = ["block1_conv1", "block3_conv2", "block5_pool"]


@pytest.fixture(scope="module")
def base() -> Any:
    return build_base("VGG16Slim", input_shape=(32, 32, 3), weights="random")


@pytest.fixture(scope="module")
def survey(base: Any) -> LayerSurvey:
    return LayerSurvey(base, LAYERS)


def test_layers_of_the_lectures_network_are_its_convolutions_and_its_output() -> None:
    layers = feature_layers("VGG16")
    assert len(layers) == 14
    assert (layers[0], layers[-2:]) == ("block1_conv1", ["block5_conv3", "block5_pool"])


@pytest.mark.parametrize("name", list_architectures())
def test_every_network_has_layers_to_look_at(name: str) -> None:
    shapes = {layer.name: layer.output_shape for layer in describe(name, include_top=False).layers}
    layers = feature_layers(name)
    assert 1 < len(layers) <= 18
    assert all(len(shapes[layer]) == 3 for layer in layers)
    assert len(set(layers)) == len(layers)


def test_one_pass_gives_what_layer_by_layer_extraction_gives(
    survey: LayerSurvey, base: Any, tiny_images: NDArray[np.uint8]
) -> None:
    found = survey.of(tiny_images)
    for layer in LAYERS:
        maps = extract_features(base, tiny_images, layer=layer, precision="float32")  # (N, h, w, c)
        assert found[layer].shape == maps.shape[1:]
        np.testing.assert_allclose(found[layer].mean, maps.mean(axis=(1, 2)), atol=1e-4)
        np.testing.assert_allclose(found[layer].highest, maps.max(axis=(1, 2)), atol=1e-4)


def test_the_second_time_comes_from_disk(survey: LayerSurvey, tiny_images: NDArray[np.uint8]) -> None:
    first = survey.of(tiny_images)
    steps: list[tuple[int, int]] = []
    again = survey.of(tiny_images, progress=lambda done, total: steps.append((done, total)))
    assert steps == []
    np.testing.assert_array_equal(again["block5_pool"].mean, first["block5_pool"].mean)


def test_a_photo_has_the_same_features_and_leaves_no_trace(
    survey: LayerSurvey, tiny_images: NDArray[np.uint8], isolated_home: Path
) -> None:
    alone = survey.of_photo(tiny_images[3])
    assert not (isolated_home / "features").exists()
    np.testing.assert_allclose(alone["block3_conv2"].mean[0], survey.of(tiny_images)["block3_conv2"].mean[3], atol=1e-4)


@pytest.mark.parametrize("name", ["EfficientNetLite0", "MobileNetV2", "ResNet50", "VGG16"])
def test_layers_to_probe_are_layers_of_the_base(name: str) -> None:
    """The table's input layer was among them, which a base with its preprocessing calls otherwise."""
    with shapes_only():
        base = _build(name, (224, 224, 3), False, None, None)
    layers = [layer.name for layer in base.layers]
    probed = probe_layers(name)
    assert len(probed) > 5
    assert sorted(probed, key=layers.index) == probed


def test_unknown_layers_and_other_images_are_refused(survey: LayerSurvey, base: Any) -> None:
    with pytest.raises(InvalidArgumentError, match="block3_conv2"):
        LayerSurvey(base, ["block3_conv22"])
    with pytest.raises(InvalidArgumentError):
        survey.of(np.zeros((2, 16, 16, 3), np.uint8))
