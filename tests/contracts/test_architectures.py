"""Every network, with and without its top, at several sizes: the table says what Keras itself says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tlcore.architectures import describe, describe_model, get_architecture, list_architectures
from tlcore.architectures.describe import build_without_weights

NAMES = list_architectures()
CLASSES = 7
#: What is built: (with its top, the size, further arguments). Each layer is seen at three sizes. The wide one is odd on
#: purpose: padding and rounding show; it has other channels too, where the network takes them.
BUILDS: dict[str, tuple[bool, str, dict[str, Any]]] = {
    "default": (True, "default", {}),
    "default, no top": (False, "default", {}),
    "smallest, pooled": (False, "smallest", {"pooling": "avg"}),
    "wide, other classes": (True, "wide", {"num_classes": CLASSES}),
}


def shape_of(name: str, size: str) -> tuple[int, int, int]:
    spec = get_architecture(name)
    if size == "default":
        return spec.default_input_shape
    if size == "smallest":
        return (spec.min_size, spec.min_size, spec.default_input_shape[2])
    channels = next((count for count in spec.channels if count != spec.default_input_shape[2]), spec.channels[0])
    return (spec.min_size + 13, spec.min_size + 44, channels)


def flattened(model: Any) -> Iterator[Any]:
    for layer in model.layers:
        yield from flattened(layer) if hasattr(layer, "layers") else (layer,)


def arithmetic(formula: str) -> float:
    """What the left side of "(3·3·512 + 1)·512 = 2,359,808" comes to."""
    left = formula.partition(" = ")[0].replace("·", "*").replace(",", "")
    assert re.fullmatch(r"[\d\s()+*/]+", left), formula
    return float(eval(left))  # digits and operators only, as the line above makes sure


@pytest.mark.parametrize("build", BUILDS)
@pytest.mark.parametrize("name", NAMES)
def test_the_table_says_what_keras_says(name: str, build: str) -> None:
    include_top, size, ends = BUILDS[build]
    shape = shape_of(name, size)
    model = build_without_weights(name, input_shape=shape, include_top=include_top, **ends)
    summary = describe_model(model, architecture=name, include_top=include_top)
    rows = {row.name: row for row in summary.layers}

    assert summary.input_shape == shape
    assert summary.output_shape == tuple(model.output_shape[1:])
    if ends:
        assert len(summary.output_shape) == 1
        assert summary.output_shape == (CLASSES,) or not include_top
    assert summary.total_params == model.count_params()
    assert summary.trainable_tensors == len(model.trainable_weights)
    assert len(rows) == len(summary.layers), "a name stands for one layer"
    for layer in flattened(model):
        assert rows[layer.name].num_params == layer.count_params(), layer.name
        assert rows[layer.name].output_shape == tuple(layer.output.shape[1:]), layer.name
    for row in summary.layers:
        assert bool(row.param_formula) == bool(row.num_params), row.name
        if row.param_formula:
            assert arithmetic(row.param_formula) == row.num_params, row.name
        assert all(source in rows for source in row.connected_to)
    if size == "default":
        assert describe(name, include_top=include_top) == summary, "run python -m scripts.catalog"


@pytest.mark.parametrize("name", NAMES)
def test_an_entry_is_complete(name: str) -> None:
    spec = get_architecture(name)
    assert spec.name == name
    assert len(spec.note) > 60
    assert spec.note.endswith(".")
    assert 1998 <= spec.year <= 2022
    assert spec.paper
    assert spec.paper_url.startswith("https://")
    assert spec.default_input_shape[2] in spec.channels
    assert min(spec.default_input_shape[:2]) >= spec.min_size
    if spec.weights:
        assert spec.weights_licence
        assert spec.weights.url(include_top=True).startswith("https://storage.googleapis.com/")


@pytest.mark.parametrize("name", [name for name in NAMES if get_architecture(name).keras_name])
def test_keras_still_has_it(name: str) -> None:
    import keras

    assert hasattr(keras.applications, get_architecture(name).keras_name or "")


def test_every_network_of_keras_is_registered() -> None:
    import keras

    known = {get_architecture(name).keras_name for name in NAMES}
    assert {name for name in dir(keras.applications) if name[0].isupper()} <= known
