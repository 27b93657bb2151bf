"""How many parameters a layer has and how many multiplications it makes, with the layer's own numbers."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from .reading import ReadLayer


def param_formula(layer: ReadLayer) -> str:
    """The count of parameters as arithmetic, for example "(3·3·512 + 1)·512 = 2,359,808".

    Args:
        layer: Any layer.

    Returns:
        The formula; "" for a layer without parameters. Thousands are separated by commas.
    """
    if not layer.weights:
        return ""
    terms, symbols = _FORMULAS.get(layer.type, _generic)(layer)
    return f"{terms} = {layer.num_params:,}" + (f" ({symbols})" if symbols else "")


def macs(layer: ReadLayer) -> int:
    """Multiply-accumulate operations for one image.

    Counted as papers do: products with weights in convolutions and dense layers. Normalisation (which can be folded
    into the convolution before it), activations, pooling and additions are not counted.

    Args:
        layer: Any layer with known input and output shapes.

    Returns:
        The count; 0 for layers without such products.
    """
    return _MACS.get(layer.type, _no_macs)(layer)


def _times(*numbers: int) -> str:
    return "·".join(f"{number:,}" for number in numbers)


def _with_bias(product: str, bias: bool, filters: int) -> str:
    return f"({product} + 1)·{filters:,}" if bias else f"{product}·{filters:,}"


def _conv(layer: ReadLayer) -> tuple[str, str]:
    *window, channels, filters = layer.weight_shapes["kernel"]
    per_filter = _times(*window)
    per_filter += f"·({channels * layer.groups:,}/{layer.groups})" if layer.groups > 1 else f"·{channels:,}"
    return _with_bias(per_filter, "bias" in layer.weight_shapes, filters), ""


def _depthwise(layer: ReadLayer) -> tuple[str, str]:
    *window, channels, multiplier = layer.weight_shapes["kernel"]
    maps = _times(channels, multiplier) if multiplier > 1 else f"{channels:,}"
    bias = "bias" in layer.weight_shapes
    return (f"({_times(*window)} + 1)·{maps}" if bias else f"{_times(*window)}·{maps}"), ""


def _separable(layer: ReadLayer) -> tuple[str, str]:
    *window, channels, multiplier = layer.weight_shapes["depthwise_kernel"]
    *_, inner, filters = layer.weight_shapes["pointwise_kernel"]
    maps = (channels, multiplier) if multiplier > 1 else (channels,)
    pointwise = _with_bias(f"{inner:,}", "bias" in layer.weight_shapes, filters)
    return f"{_times(*window, *maps)} + {pointwise}", ""


def _dense(layer: ReadLayer) -> tuple[str, str]:
    inputs, units = layer.weight_shapes["kernel"]
    return _with_bias(f"{inputs:,}", "bias" in layer.weight_shapes, units), ""


_SYMBOLS = {"gamma": "γ", "beta": "β", "moving_mean": "μ", "moving_variance": "σ²", "mean": "μ", "variance": "σ²"}


def _vectors(layer: ReadLayer) -> tuple[str, str]:
    """Vectors of one number per channel: BatchNormalization has four, of which two are trained."""
    channels = layer.weights[0].size
    names = ", ".join(_SYMBOLS.get(weight.name, weight.name) for weight in layer.weights)
    return _times(len(layer.weights), channels), names


def _normalization(layer: ReadLayer) -> tuple[str, str]:
    return f"2·{layer.weights[0].size:,} + 1", "μ, σ², n"


def _layer_scale(layer: ReadLayer) -> tuple[str, str]:
    return f"1·{layer.num_params:,}", "γ"


def _partial_conv(layer: ReadLayer) -> tuple[str, str]:
    """LeNet's C3: maps that read 3, 4 or 6 of the maps before."""
    window = _times(*(layer.kernel_size or ()))
    counts = sorted(set(layer.fan_in))
    return " + ".join(f"({window}·{count} + 1)·{layer.fan_in.count(count)}" for count in counts), ""


def _subsampling(layer: ReadLayer) -> tuple[str, str]:
    return f"(1 + 1)·{layer.weights[0].size:,}", ""


def _generic(layer: ReadLayer) -> tuple[str, str]:
    return " + ".join(_times(*weight.shape) if weight.shape else "1" for weight in layer.weights), ""


_FORMULAS: dict[str, Callable[[ReadLayer], tuple[str, str]]] = {
    "Conv2D": _conv,
    "Conv1D": _conv,
    "DepthwiseConv2D": _depthwise,
    "SeparableConv2D": _separable,
    "Dense": _dense,
    "BatchNormalization": _vectors,
    "LayerNormalization": _vectors,
    "Normalization": _normalization,
    "LayerScale": _layer_scale,
    "PartialConv2D": _partial_conv,
    "TrainableSubsampling": _subsampling,
}


def _positions(layer: ReadLayer) -> int:
    """Points of the output map, or 1 for a vector."""
    return prod(size or 1 for size in layer.output_shape[:-1])


def _kernel_macs(layer: ReadLayer) -> int:
    return _positions(layer) * prod(layer.weight_shapes["kernel"])


def _separable_macs(layer: ReadLayer) -> int:
    shapes = layer.weight_shapes
    return _positions(layer) * (prod(shapes["depthwise_kernel"]) + prod(shapes["pointwise_kernel"]))


def _transpose_macs(layer: ReadLayer) -> int:
    return prod(size or 1 for size in layer.input_shape[:-1]) * prod(layer.weight_shapes["kernel"])


def _partial_macs(layer: ReadLayer) -> int:
    return _positions(layer) * prod(layer.kernel_size or ()) * sum(layer.fan_in)


def _one_per_unit(layer: ReadLayer) -> int:
    return prod(size or 1 for size in layer.output_shape)


def _no_macs(layer: ReadLayer) -> int:
    return 0


_MACS: dict[str, Callable[[ReadLayer], int]] = {
    "Conv2D": _kernel_macs,
    "Conv1D": _kernel_macs,
    "DepthwiseConv2D": _kernel_macs,
    "SeparableConv2D": _separable_macs,
    "Conv2DTranspose": _transpose_macs,
    "Dense": _kernel_macs,
    "PartialConv2D": _partial_macs,
    "TrainableSubsampling": _one_per_unit,
    "EuclideanRBF": _kernel_macs,
}
