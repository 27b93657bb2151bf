"""LiteRT's features are those of Keras's own call in TensorFlow, for the base of every network in the registry.

A conversion of a large network takes a quarter of a minute, so that usually the smallest network of each family stands
for it, and no network of more than `MOST_LAYERS` layers, whose operations others have; `TLCORE_TEST_EVERY_NETWORK=1`
tries them all (about ten minutes).
"""

from __future__ import annotations

import os

import numpy as np
import pytest

import tlcore
from tlcore.architectures import get_architecture, list_architectures
from tlcore.features.choice import relative_difference
from tlcore.features.litert_files import estimated_seconds
from tlcore.features.runtime_litert import LiteRTForward, is_installed

#: ||LiteRT - Keras|| / ||Keras||; measured: 1e-7 to 2e-6.
TOLERANCE = 1e-5
MOST_LAYERS = 350


def smallest_of_each_family() -> list[str]:
    """In the order of the registry, by the number of parameters."""
    smallest: dict[str, str] = {}
    for name in list_architectures():
        family = get_architecture(name).family
        if family not in smallest or parameters(name) < parameters(smallest[family]):
            smallest[family] = name
    return [name for name in smallest.values() if num_layers(name) <= MOST_LAYERS]


def parameters(name: str) -> int:
    return tlcore.describe(name, include_top=False).total_params


def num_layers(name: str) -> int:
    return len(tlcore.describe(name, include_top=False).layers)


NAMES = list_architectures() if os.environ.get("TLCORE_TEST_EVERY_NETWORK") == "1" else smallest_of_each_family()


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
