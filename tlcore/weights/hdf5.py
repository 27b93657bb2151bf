"""HDF5 weights: shapes are compared first, so that a mismatch is told in words; then Keras loads the file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from ..errors import WeightsError
from ..translatable import N_
from .errors import damaged_weights

Shape = tuple[int, ...]


def load_hdf5(model: Any, path: Path) -> None:
    """Loads a `.h5` or `.weights.h5` file into `model`.

    Raises:
        WeightsError: The file is damaged or of another network.
    """
    import h5py

    try:
        with h5py.File(path, "r") as file:
            layered = "layer_names" in file.attrs or "model_weights" in file
            if layered:
                _check_layers(model, path, _file_layers(file))
            else:
                _check_tensors(model, path, _file_shapes(file))
        _load(model, path, layered=layered)
    except (OSError, LookupError, ValueError, RuntimeError, TypeError, AttributeError) as error:
        raise damaged_weights(path, error) from error


def _load(model: Any, path: Path, *, layered: bool) -> None:
    if layered == path.name.endswith(".weights.h5"):
        raise WeightsError(
            N_(
                "Expected a file in the format that its name says (`.weights.h5`: Keras 3; another `.h5`: layer by "
                "layer). Received: {path}, which holds the other one. Rename it."
            ),
            path=str(path),
        )
    model.load_weights(str(path))


def _file_layers(file: Any) -> list[tuple[str, list[Shape]]]:
    """Layers that have weights, in the order of the file, with the shapes of their tensors."""
    group = file["model_weights"] if "layer_names" not in file.attrs else file
    layers = []
    for name in _attribute(group, "layer_names"):
        tensors = _attribute(group[name], "weight_names")
        if tensors:
            layers.append((name, [tuple(group[name][tensor].shape) for tensor in tensors]))
    return layers


def _attribute(group: Any, name: str) -> list[str]:
    """A list of names; Keras splits a long one over `name0`, `name1`, ..."""
    values = list(group.attrs[name]) if name in group.attrs else []
    number = 0
    while f"{name}{number}" in group.attrs:
        values.extend(group.attrs[f"{name}{number}"])
        number += 1
    return [value.decode("utf-8") if isinstance(value, bytes) else str(value) for value in values]


def _file_shapes(file: Any) -> list[Shape]:
    import h5py

    shapes: list[Shape] = []

    def collect(name: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset) and "vars" in name.split("/"):
            shapes.append(tuple(item.shape))

    file.visititems(collect)
    return shapes


def _check_layers(model: Any, path: Path, found: list[tuple[str, list[Shape]]]) -> None:
    expected = [
        (layer.name, [tuple(variable.shape) for variable in layer.weights]) for layer in model.layers if layer.weights
    ]
    if len(found) != len(expected):
        raise WeightsError(
            N_(
                "Expected {path} to hold {expected} layers with weights. Received: {found}. It is of another network, "
                "or with `include_top` the other way; choose the file made for this network."
            ),
            path=str(path),
            expected=len(expected),
            found=len(found),
        )
    for (name, shapes), (stored_name, stored_shapes) in zip(expected, found, strict=True):
        if Counter(shapes) != Counter(stored_shapes):
            raise WeightsError(
                N_(
                    "Expected the layer `{layer}` to have tensors of the shapes {expected}. Received: {found} (layer "
                    "`{stored}` of {path}). The file is of another network or width; choose the matching one."
                ),
                layer=name,
                expected=shapes,
                found=stored_shapes,
                stored=stored_name,
                path=str(path),
            )


def _check_tensors(model: Any, path: Path, found: list[Shape]) -> None:
    """The Keras 3 format names no layers, so the tensors' shapes are compared as a set."""
    expected = [tuple(variable.shape) for variable in model.weights]
    lacking = Counter(expected) - Counter(found)
    if len(found) < len(expected) or lacking:
        raise WeightsError(
            N_(
                "Expected {path} to hold {expected} tensors. Received: {found}; no tensor of the shape {shape} is "
                "left for this network. The file is of another network; choose the matching one."
            ),
            path=str(path),
            expected=len(expected),
            found=len(found),
            shape=next(iter(lacking), ()),
        )
