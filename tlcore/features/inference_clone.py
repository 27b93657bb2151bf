"""A copy of a network that gives the same outputs faster: half precision, batch normalisation folded away."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .graph import calls_of

#: Layers that read raw pixels or give probabilities: half precision would cost digits there and win no time.
_FULL_PRECISION = ("Rescaling", "Normalization", "Softmax")


def clone_network(model: Any, *, bfloat16: bool, fold: bool, full_precision: frozenset[str] = frozenset()) -> Any:
    """Copies a functional `model`, its weights included.

    Args:
        model: Functional `keras.Model`; it is not changed.
        bfloat16: Compute in bfloat16 with float32 variables (mixed precision).
        fold: Merge each batch normalisation into the convolution before it. For inference only.
        full_precision: Names of layers that stay in float32.

    Returns:
        A `keras.Model` with its own variables.
    """
    import keras

    folded = _foldable(model) if fold else {}
    normalised = {layer.name: before for before, layer in folded.items()}

    def copy(operation: Any) -> Any:
        if not isinstance(operation, keras.Layer):
            return type(operation).from_config(operation.get_config())
        config = operation.get_config()
        if bfloat16 and operation.name not in full_precision and type(operation).__name__ not in _FULL_PRECISION:
            config["dtype"] = "mixed_bfloat16"
        if operation.name in folded:
            config["use_bias"] = True
        return type(operation).from_config(config)

    def call(operation: Any, *arguments: Any, **options: Any) -> Any:
        return arguments[0] if operation.name in normalised else operation(*arguments, **options)

    clone = keras.models.clone_model(model, clone_function=copy, call_function=call)
    _copy_weights(model, clone, folded)
    return clone


def _copy_weights(model: Any, clone: Any, folded: dict[str, Any]) -> None:
    copies = {layer.name: layer for layer in clone.layers}
    for layer in model.layers:
        if layer.name not in copies or not layer.weights:
            continue
        values = layer.get_weights()
        if layer.name in folded:
            values = _fold(type(layer).__name__, values, folded[layer.name])
        copies[layer.name].set_weights(values)
        copies[layer.name].trainable = layer.trainable


def _foldable(model: Any) -> dict[str, Any]:
    """Name of a convolution -> the batch normalisation that is the only one to read it."""
    calls = calls_of(model)
    readers: dict[int, list[Any]] = {}
    for call in calls:
        for tensor in call.inputs:
            readers.setdefault(id(tensor), []).append(call.operation)
    kept = {id(tensor) for tensor in model.outputs}
    uses: dict[str, int] = {}
    for call in calls:
        uses[call.operation.name] = uses.get(call.operation.name, 0) + 1
    pairs = {}
    for call in calls:
        following = readers.get(id(call.outputs[0]), [])
        if len(following) != 1 or id(call.outputs[0]) in kept or uses[call.operation.name] > 1:
            continue
        if _is_linear(call.operation) and _is_normalisation(following[0]) and uses[following[0].name] == 1:
            pairs[call.operation.name] = following[0]
    return pairs


def _is_linear(operation: Any) -> bool:
    return type(operation).__name__ in ("Conv2D", "DepthwiseConv2D", "SeparableConv2D", "Dense") and (
        operation.activation.__name__ == "linear"
    )


def _is_normalisation(operation: Any) -> bool:
    return type(operation).__name__ == "BatchNormalization" and operation.axis in (-1, 3)


def _fold(kind: str, values: list[NDArray[Any]], layer: Any) -> list[NDArray[Any]]:
    """w·scale and (b - mean)·scale + beta, with scale = gamma / sqrt(variance + epsilon); in float64, rounded once."""
    weights = {variable.name: variable.numpy().astype(np.float64) for variable in layer.weights}
    scale = weights.get("gamma", 1.0) / np.sqrt(weights["moving_variance"] + layer.epsilon)
    kernels = values[:2] if kind == "SeparableConv2D" else values[:1]
    bias = values[len(kernels)] if len(values) > len(kernels) else 0.0
    last = kernels[-1].astype(np.float64)
    # A depthwise kernel is (height, width, channels, multiplier): its outputs are the last two axes together.
    scaled = last * scale.reshape(last.shape[-2:]) if kind == "DepthwiseConv2D" else last * scale
    shift = (bias - weights["moving_mean"]) * scale + weights.get("beta", 0.0)
    return [array.astype(np.float32) for array in (*kernels[:-1], scaled, shift)]
