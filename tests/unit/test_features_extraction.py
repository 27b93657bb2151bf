"""Features are those of the network itself, whatever way they are computed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from networks import branching_network
from numpy.typing import NDArray

from tlcore.errors import InvalidArgumentError
from tlcore.features import extract_features
from tlcore.features.cut import cut_before
from tlcore.features.forward import StoppedError
from tlcore.features.graph import structure_hash, weights_digest
from tlcore.features.runtime_tensorflow import TensorFlowForward


@pytest.fixture(scope="module")
def network() -> Any:
    return branching_network()


@pytest.fixture(scope="module")
def images() -> NDArray[np.uint8]:
    return np.random.default_rng(1).integers(0, 256, (11, 16, 16, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def expected(network: Any, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(network(images.astype(np.float32), training=False))


def test_float32_features_are_those_of_predict(network: Any, images: Any, expected: Any) -> None:
    done: list[tuple[int, int]] = []
    features = extract_features(
        network, images, precision="float32", batch_size=4, progress=lambda count, total: done.append((count, total))
    )
    assert features.dtype == np.float32
    np.testing.assert_allclose(features, expected, rtol=1e-4, atol=1e-5)
    assert done == [(4, 11), (8, 11), (11, 11)]


def test_half_precision_is_near(network: Any, images: Any, expected: Any) -> None:
    features = extract_features(network, images, precision="bfloat16")
    assert np.linalg.norm(features - expected) < 0.02 * np.linalg.norm(expected)


def test_the_network_is_not_changed(network: Any, images: Any) -> None:
    before = weights_digest(network), structure_hash(network)
    extract_features(network, images, layer="norm_1", precision="bfloat16")
    assert (weights_digest(network), structure_hash(network)) == before


def test_new_weights_give_new_features(images: Any) -> None:
    changing = branching_network()
    before = extract_features(changing, images, precision="float32")
    assert np.array_equal(extract_features(changing, images, precision="float32"), before)
    changing.set_weights([2.0 * values for values in changing.get_weights()])
    after = extract_features(changing, images, precision="float32")
    np.testing.assert_allclose(
        after, np.asarray(changing(images.astype(np.float32), training=False)), rtol=1e-4, atol=1e-4
    )
    assert not np.allclose(after, before)


def test_a_layer_in_the_middle(network: Any, images: Any) -> None:
    assert extract_features(network, images, layer="conv_1").shape == (11, 16, 16, 4)
    with pytest.raises(InvalidArgumentError, match="Nearest names: norm_1"):
        extract_features(network, images, layer="norn_1")


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (np.zeros((2, 16, 16, 3)), "uint8 or float32 .* Received: float64"),
        (np.zeros((2, 8, 16, 3), np.uint8), "Received: \\(8, 16, 3\\)"),
        (np.zeros((16, 16, 3), np.uint8), "Received: the shape \\(16, 16, 3\\)"),
        (np.zeros((0, 16, 16, 3), np.uint8), "at least one image"),
        (np.full((1, 16, 16, 3), np.nan, np.float32), "Expected finite pixels"),
        (np.full((1, 16, 16, 3), -0.5, np.float32), "Expected raw pixels"),
        ([1, 2], "Received: list"),
    ],
)
def test_images_that_cannot_be_are_refused(network: Any, bad: Any, sentence: str) -> None:
    with pytest.raises(InvalidArgumentError, match=sentence):
        extract_features(network, bad)


@pytest.mark.parametrize(
    "options", [{"precision": "float16"}, {"runtime": "onnx"}, {"batch_size": 0}, {"batch_size": "many"}]
)
def test_options_that_cannot_be_are_refused(network: Any, images: Any, options: dict[str, Any]) -> None:
    with pytest.raises(InvalidArgumentError):
        extract_features(network, images, **options)


def test_extraction_stops_between_batches(network: Any, images: Any) -> None:
    with pytest.raises(StoppedError):
        TensorFlowForward(network, batch_size=4).run(images, should_stop=lambda: True)


@pytest.mark.parametrize(
    ("trained", "frontier"),
    [
        ({"pool"}, ("sum",)),
        ({"sum", "pool"}, ("norm_3", "relu_1")),
        ({"depthwise", "norm_2", "conv_2", "norm_3", "sum", "pool"}, ("relu_1",)),
        ({"conv_2"}, ("norm_2", "relu_1")),
    ],
)
def test_a_branching_network_is_cut_at_every_tensor_that_crosses(
    network: Any, images: Any, expected: Any, trained: set[str], frontier: tuple[str, ...]
) -> None:
    cut = cut_before(network, trained)
    assert sorted(cut.frontier) == sorted(frontier)
    joined = cut.suffix(cut.prefix(images.astype(np.float32), training=False), training=False)
    np.testing.assert_allclose(np.asarray(joined), expected, rtol=1e-5, atol=1e-6)


def test_nothing_is_cut_where_the_first_layer_is_trained(network: Any) -> None:
    cut = cut_before(network, {layer.name for layer in network.layers})
    assert cut.prefix is None
    assert cut.suffix is network


def test_names_do_not_decide_the_structure_but_settings_do() -> None:
    assert structure_hash(branching_network(0)) == structure_hash(branching_network(1))
    assert weights_digest(branching_network(0)) != weights_digest(branching_network(1))
