"""Reads the facts about each layer off a Keras model: nested models expanded, nothing computed, no weights touched."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

from ..keras_internals import calls_within

Shape = tuple[int | None, ...]


@dataclass(frozen=True)
class Weight:
    """One tensor of a layer."""

    name: str
    shape: tuple[int, ...]
    trainable: bool

    @property
    def size(self) -> int:
        """Number of values."""
        return prod(self.shape)


@dataclass(frozen=True)
class ReadLayer:
    """A layer as Keras has it.

    `inputs` are positions in the list of layers, `margins` are (top, bottom, left, right).
    """

    name: str
    type: str
    inputs: tuple[int, ...]
    input_shapes: tuple[Shape, ...]
    output_shape: Shape
    kernel_size: tuple[int, ...] | None
    strides: tuple[int, ...] | None
    padding: str | None
    dilation: tuple[int, ...]
    groups: int
    margins: tuple[int, int, int, int] | None
    activation: str | None
    fan_in: tuple[int, ...]
    weights: tuple[Weight, ...]

    @property
    def num_params(self) -> int:
        """Values of all weights."""
        return sum(weight.size for weight in self.weights)

    @property
    def weight_shapes(self) -> dict[str, tuple[int, ...]]:
        """Shapes of the weights by name."""
        return {weight.name: weight.shape for weight in self.weights}

    @property
    def input_shape(self) -> Shape:
        """Shape of the first input; empty where there is none."""
        return self.input_shapes[0] if self.input_shapes else ()


def read_layers(model: Any) -> list[ReadLayer]:
    """Lists the layers of a built functional or sequential model in its own order.

    Args:
        model: keras.Model; models inside it are expanded where they stand.

    Returns:
        One entry per layer or operation.
    """
    layers: list[ReadLayer] = []
    _read_graph(_graph(model), {}, layers, nested=False)
    return layers


def _graph(model: Any) -> Any:
    """A `Sequential` keeps its graph one level down."""
    return getattr(model, "_functional", None) or model


def _read_graph(model: Any, fed: dict[int, int], layers: list[ReadLayer], *, nested: bool) -> dict[int, int]:
    """Appends the layers of `model`; `fed` maps tensors that stand at its inputs to positions.

    Returns:
        Positions by the identity of each tensor that the graph produces.
    """
    producers = dict(fed)
    for operation in model.operations:
        if nested and type(operation).__name__ == "InputLayer":
            continue
        for call in calls_within(operation, model):
            inputs = tuple(producers[id(tensor)] for tensor in call.input_tensors)
            position = _append(operation, call, inputs, layers)
            producers.update({id(tensor): position for tensor in call.outputs})
    return producers


def _append(operation: Any, call: Any, inputs: tuple[int, ...], layers: list[ReadLayer]) -> int:
    """Appends one layer, or all layers of a nested model; returns the position of what comes out."""
    inner = _graph(operation)
    if hasattr(inner, "operations") and hasattr(inner, "inputs"):
        fed = {id(tensor): position for tensor, position in zip(inner.inputs, inputs, strict=True)}
        return _read_graph(inner, fed, layers, nested=True)[id(inner.outputs[0])]
    layers.append(_read_layer(operation, call, inputs))
    return len(layers) - 1


def _read_layer(operation: Any, call: Any, inputs: tuple[int, ...]) -> ReadLayer:
    window = getattr(operation, "kernel_size", None) or getattr(operation, "pool_size", None)
    padding = getattr(operation, "padding", None)
    return ReadLayer(
        name=operation.name,
        type=type(operation).__name__,
        inputs=inputs,
        input_shapes=tuple(tuple(tensor.shape[1:]) for tensor in call.input_tensors),
        output_shape=tuple(call.outputs[0].shape[1:]),
        kernel_size=None if window is None else tuple(window),
        strides=_tuple(getattr(operation, "strides", None)) if window else None,
        padding=padding if isinstance(padding, str) and window else None,
        dilation=_tuple(getattr(operation, "dilation_rate", None)) or (1, 1),
        groups=getattr(operation, "groups", 1) if window else 1,
        margins=_margins(operation),
        activation=_activation(operation),
        fan_in=tuple(getattr(operation, "fan_in", ())),
        weights=_weights(operation),
    )


def _tuple(value: Any) -> tuple[int, ...] | None:
    return None if value is None else (value, value) if isinstance(value, int) else tuple(value)


def _margins(operation: Any) -> tuple[int, int, int, int] | None:
    """What a layer adds around its input; what it cuts off counts negative."""
    kind = type(operation).__name__
    if kind == "ZeroPadding2D":
        (top, bottom), (left, right) = operation.padding
        return top, bottom, left, right
    if kind == "Cropping2D":
        (top, bottom), (left, right) = operation.cropping
        return -top, -bottom, -left, -right
    return None


def _activation(operation: Any) -> str | None:
    function = getattr(operation, "activation", None)
    name = getattr(function, "__name__", None)
    if type(operation).__name__ == "ReLU":
        return "relu6" if operation.max_value == 6 else "relu"
    return None if name in (None, "linear") else str(name)


def _weights(operation: Any) -> tuple[Weight, ...]:
    trainable = {id(variable) for variable in getattr(operation, "trainable_weights", ())}
    return tuple(
        Weight(variable.name, tuple(variable.shape), id(variable) in trainable)
        for variable in getattr(operation, "weights", ())
    )
