"""Networks with models inside them are looked into layer by layer, as their tables list them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from tlcore.architectures import build_network, describe_model
from tlcore.explanation import feature_maps, first_layer_filters, layer_arithmetic, weight_statistics
from tlcore.explanation.network import flat_network
from tlcore.features.graph import calls_of

SHAPE = (32, 32, 3)


def lecture_network() -> Any:
    """The lecture's: the base is added to a sequential network as one layer."""
    base = build_network("VGG16Slim", input_shape=SHAPE, include_top=False)
    return keras.Sequential([base, layers.Flatten(name="flatten"), layers.Dense(1, activation="sigmoid", name="head")])


def functional_network() -> Any:
    base = build_network("VGG16Slim", input_shape=SHAPE, include_top=False)
    inputs = keras.Input(SHAPE)
    return keras.Model(inputs, layers.Dense(2, name="head")(layers.Flatten(name="flatten")(base(inputs))))


NETWORKS: dict[str, tuple[Callable[[], Any], str]] = {
    "sequential": (lecture_network, "block2_conv1"),
    "functional": (functional_network, "block2_conv1"),
    "ConvNeXt": (lambda: build_network("ConvNeXtTiny", input_shape=SHAPE), "convnext_tiny_stem_conv"),
}


@pytest.fixture(scope="module", params=NETWORKS)
def nested(request: pytest.FixtureRequest) -> tuple[Any, str]:
    build, layer = NETWORKS[request.param]
    return build(), layer


def test_every_layer_of_the_table_is_found(nested: tuple[Any, str]) -> None:
    network, _layer = nested
    found = {call.operation.name for call in calls_of(flat_network(network))}
    assert {row.name for row in describe_model(network).layers if row.type != "InputLayer"} <= found


def test_it_computes_what_the_network_computes_with_its_weights(nested: tuple[Any, str]) -> None:
    network, _layer = nested
    images = np.random.default_rng(0).uniform(0, 255, (1, *SHAPE)).astype(np.float32)
    flat = flat_network(network)
    assert flat_network(network) is flat, "made once"
    np.testing.assert_array_equal(flat(images, training=False), network(images, training=False))
    assert len(flat.weights) == len(network.weights)
    assert {id(weight) for weight in flat.weights} == {id(weight) for weight in network.weights}


def test_a_layer_inside_can_be_looked_into(nested: tuple[Any, str]) -> None:
    network, layer = nested
    image = np.random.default_rng(0).integers(0, 256, SHAPE, np.uint8)
    sums = layer_arithmetic(network, image, layer, 2, 3, 1)
    assert sums.result == pytest.approx(float(feature_maps(network, image, layer)[2, 3, 1]), rel=1e-4, abs=1e-5)
    assert weight_statistics(network, layer)[0].name == "kernel"
    assert first_layer_filters(network).shape[-1] == 3
