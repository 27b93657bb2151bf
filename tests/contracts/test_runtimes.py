"""LiteRT's features are those of Keras's own call in TensorFlow, for the base of every network in the registry.

A conversion of a large network takes a quarter of a minute, so that usually the smallest network of each family stands
for it, and no network of more than `MOST_LAYERS` layers, whose operations others have; `TLCORE_TEST_EVERY_NETWORK=1`
tries them all (about ten minutes).
"""

from __future__ import annotations

import numpy as np
import pytest

import tlcore
from tests.contracts.chosen import EVERY, networks_to_test, num_layers
from tlcore.architectures import get_architecture
from tlcore.features.choice import relative_difference
from tlcore.features.litert_files import estimated_seconds
from tlcore.features.runtime_litert import LiteRTForward, is_installed

#: ||LiteRT - Keras|| / ||Keras||; measured: 1e-7 to 2e-6.
TOLERANCE = 1e-5
MOST_LAYERS = 350

NAMES = [name for name in networks_to_test() if EVERY or num_layers(name) <= MOST_LAYERS]


@pytest.mark.skipif(not is_installed(), reason="There is no LiteRT for this platform.")
@pytest.mark.parametrize("name", NAMES)
def test_features_are_those_of_tensorflow(name: str) -> None:
    spec = get_architecture(name)
    side = max(spec.min_size, 32)
    shape = (side, side, spec.channels[-1])
    base = tlcore.build_base(name, input_shape=shape, weights="random")
    images = np.random.default_rng(0).integers(0, 256, (5, *shape), dtype=np.uint8)
    expected = np.asarray(base(images.astype(np.float32), training=False))
    (features,) = LiteRTForward(base).run(images)
    assert features.shape == expected.shape
    assert np.linalg.norm(expected) > 0
    assert relative_difference([expected], [features]) < TOLERANCE
    assert 0 < estimated_seconds(base) < 60
