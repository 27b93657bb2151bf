"""LiteRT's features are those of Keras's own call in TensorFlow, for the base of every network in the registry.

A conversion of a large network takes a quarter of a minute, so that usually the smallest network of each family stands
for it, and of a large one its beginning, up to where each kind of layer that it has has come;
`TLCORE_TEST_EVERY_NETWORK=1` tries them all, whole (about ten minutes).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tlcore
from tests.contracts.chosen import EVERY, networks_to_test, num_layers, num_parameters
from tlcore.architectures import get_architecture
from tlcore.features.choice import relative_difference
from tlcore.features.litert_files import estimated_seconds
from tlcore.features.runtime_litert import LiteRTForward, is_installed

#: ||LiteRT - Keras|| / ||Keras||; measured: 1e-7 to 2e-6.
TOLERANCE = 1e-5
#: What is tried whole.
MOST_LAYERS, MOST_PARAMETERS = 160, 15_000_000


def whole(name: str) -> bool:
    return EVERY or (num_layers(name) <= MOST_LAYERS and num_parameters(name) <= MOST_PARAMETERS)


def beginning(base: Any) -> Any:
    """The network up to the first layer at which it has had a layer of each of its kinds."""
    import keras

    kinds: set[tuple[str, ...]] = set()
    last = base.layers[0]
    for layer in base.layers:
        kind = kind_of(layer)
        if kind not in kinds:
            kinds.add(kind)
            last = layer
    return keras.Model(base.inputs[0], last.output)


def kind_of(layer: Any) -> tuple[str, ...]:
    """What a converter tells apart."""
    options = layer.get_config()
    return (type(layer).__name__, *(str(options.get(option)) for option in ("padding", "activation")), grouped(options))


def grouped(options: dict[str, Any]) -> str:
    return "grouped" if (options.get("groups") or 1) > 1 else ""


@pytest.mark.timeout(3600 if EVERY else 300)  # a conversion of 350 million weights takes minutes
@pytest.mark.skipif(not is_installed(), reason="There is no LiteRT for this platform.")
@pytest.mark.parametrize("name", networks_to_test())
def test_features_are_those_of_tensorflow(name: str) -> None:
    spec = get_architecture(name)
    side = max(spec.min_size, 32)
    shape = (side, side, spec.channels[-1])
    base = tlcore.build_base(name, input_shape=shape, weights="random")
    if not whole(name):
        base = beginning(base)
    images = np.random.default_rng(0).integers(0, 256, (5, *shape), dtype=np.uint8)
    expected = np.asarray(base(images.astype(np.float32), training=False))
    (features,) = LiteRTForward(base).run(images)
    assert features.shape == expected.shape
    assert np.linalg.norm(expected) > 0
    assert relative_difference([expected], [features]) < TOLERANCE
    assert 0 < estimated_seconds(base) < 60
