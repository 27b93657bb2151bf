"""What holds for the base of every network in the registry, built without memory for its weights."""

from __future__ import annotations

from typing import Any

import pytest

from tlcore.architectures import get_architecture, list_architectures
from tlcore.architectures.build import build_network, shapes_only
from tlcore.models import available_weights
from tlcore.models.base import _build
from tlcore.models.unfreezing import find_unfreeze_layer, tabled_unfreeze_layer
from tlcore.weights import tensors_by_name

ADDED = {"caffe": 2, "tf": 1, "torch": 1, "scale": 1, "lite": 1, "none": 0}
FROM_KERAS = [name for name in list_architectures() if get_architecture(name).keras_name]


def smallest_shape(name: str) -> tuple[int, int, int]:
    spec = get_architecture(name)
    side = max(spec.min_size, 32)
    return side, side, spec.channels[-1]


@pytest.fixture(params=list_architectures())
def architecture(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def test_a_base_is_the_network_behind_parameterless_preprocessing(architecture: str) -> None:
    shape = smallest_shape(architecture)
    with shapes_only():
        base = _build(architecture, shape, False, None, None)
        network = build_network(architecture, input_shape=shape, include_top=False)

    assert base.input_shape == (None, *shape)
    assert base.output_shape == network.output_shape
    assert len(base.operations) - len(network.operations) == ADDED[get_architecture(architecture).preprocessing]
    ours = {name: tuple(variable.shape) for name, variable in tensors_by_name(base).items()}
    theirs = {name: tuple(variable.shape) for name, variable in tensors_by_name(network).items()}
    assert ours == theirs
    assert list(ours) == list(theirs)
    assert find_unfreeze_layer(base, None) == tabled_unfreeze_layer(architecture, None), "as its shipped table says"


def test_random_weights_are_always_on_offer_and_a_download_never_comes_first(architecture: str) -> None:
    sources = available_weights(architecture)
    assert sources[0].here
    assert "random" in [source.weights for source in sources]
    assert all(source.description.format(**source.params) for source in sources)


class AskedError(Exception):
    """What keras.applications asked its downloader for."""


@pytest.mark.parametrize("include_top", [True, False])
@pytest.mark.parametrize("name", FROM_KERAS)
def test_files_are_those_that_keras_itself_downloads(
    name: str, include_top: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keras
    from keras.src.utils import file_utils

    def ask(file_name: str, url: str, file_hash: str | None = None, **_: Any) -> None:
        raise AskedError(file_name, url, file_hash)

    monkeypatch.setattr(file_utils, "get_file", ask)
    spec = get_architecture(name)
    if spec.weights is None:
        pytest.skip(f"{name} has no published weights")
    build = getattr(keras.applications, spec.builder)
    with shapes_only(), pytest.raises(AskedError) as asked:
        build(weights="imagenet", include_top=include_top, input_shape=spec.default_input_shape)

    files = spec.weights
    expected = (
        files.file_name(include_top=include_top),
        files.url(include_top=include_top),
        files.file_hash(include_top=include_top),
    )
    assert asked.value.args == expected
