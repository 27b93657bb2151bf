"""What holds for the bases of the registry, built without memory for their weights: usually one of each family."""

from __future__ import annotations

import pytest

from tests.contracts.chosen import networks_to_test
from tests.contracts.tables import assert_table_says_what_keras_says
from tlcore.architectures import describe_model, get_architecture, list_architectures
from tlcore.architectures.build import shapes_only
from tlcore.architectures.describe import build_without_weights
from tlcore.models import available_weights
from tlcore.models.base import _build
from tlcore.models.unfreezing import find_unfreeze_layer, tabled_unfreeze_layer
from tlcore.weights import tensors_by_name

ADDED = {"caffe": 2, "tf": 1, "torch": 1, "scale": 1, "lite": 1, "none": 0}


def smallest_shape(name: str) -> tuple[int, int, int]:
    spec = get_architecture(name)
    return spec.min_size, spec.min_size, spec.channels[-1]


@pytest.mark.parametrize("architecture", networks_to_test())
def test_a_base_is_the_network_behind_parameterless_preprocessing(architecture: str) -> None:
    shape = smallest_shape(architecture)
    with shapes_only():
        base = _build(architecture, shape, False, "avg", None)
    network = build_without_weights(architecture, input_shape=shape, include_top=False, pooling="avg")
    summary = describe_model(network, architecture=architecture, include_top=False)

    assert_table_says_what_keras_says(summary, network)
    assert (summary.input_shape, len(summary.output_shape)) == (shape, 1)

    assert base.input_shape == (None, *shape)
    assert base.output_shape == network.output_shape
    assert len(base.operations) - len(network.operations) == ADDED[get_architecture(architecture).preprocessing]
    ours = {name: tuple(variable.shape) for name, variable in tensors_by_name(base).items()}
    theirs = {name: tuple(variable.shape) for name, variable in tensors_by_name(network).items()}
    assert ours == theirs
    assert list(ours) == list(theirs)
    assert find_unfreeze_layer(base, None) == tabled_unfreeze_layer(architecture, None), "as its shipped table says"


@pytest.mark.parametrize("architecture", list_architectures())
def test_random_weights_are_always_on_offer_and_a_download_never_comes_first(architecture: str) -> None:
    sources = available_weights(architecture)
    assert sources[0].here
    assert "random" in [source.weights for source in sources]
    assert all(source.description.format(**source.params) for source in sources)
