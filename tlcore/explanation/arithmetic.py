"""One output of a layer, worked out by hand with the layer's real numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InvalidArgumentError
from ..features.graph import Call
from ..translatable import N_
from .network import batch_of_one, evaluate_tensors, find_call, flat_network


@dataclass(frozen=True)
class Arithmetic:
    """How one output comes about: patch × kernel, added up, plus bias, through the activation.

    Attributes:
        layer: Name of the layer.
        kind: Type of the layer, for example "Conv2D".
        row: Place of the output.
        column: Place of the output.
        channel: Channel of the output.
        input_channels: Numbers of the input channels that the patch holds; not all of them in grouped and depthwise
            layers, and in LeNet's C3 those of the paper's table.
        patch: What the layer reads, `float32 (kernel_height, kernel_width, channels)`; a dense layer's input is
            `(1, 1, features)`.
        inside: `bool (kernel_height, kernel_width)`: False where the patch lies in the padding and reads 0.
        kernel: The weights of this channel, of the shape of `patch`. Of a separable convolution each channel's own
            window times its weight in the 1x1 convolution; of LeNet's sub-sampling the coefficient at each position.
        products: `patch * kernel`.
        channel_sums: `products` added up over each channel, `float64 (channels,)`.
        bias: 0 for a layer without bias.
        pre_activation: Sum of `channel_sums` and `bias`.
        activation: Name of the activation.
        result: The activation of `pre_activation`, worked out here.
        output: What the network itself gives at that position.
    """

    layer: str
    kind: str
    row: int
    column: int
    channel: int
    input_channels: tuple[int, ...]
    patch: NDArray[np.float32]
    inside: NDArray[np.bool_]
    kernel: NDArray[np.float32]
    products: NDArray[np.float32]
    channel_sums: NDArray[np.float64]
    bias: float
    pre_activation: float
    activation: str
    result: float
    output: float


@dataclass(frozen=True)
class _Reading:
    patch: NDArray[np.float32]
    inside: NDArray[np.bool_]
    kernel: NDArray[np.float32]
    input_channels: tuple[int, ...]


def has_arithmetic(model: Any, layer: str) -> bool:
    """Whether a layer's outputs are sums of products that `layer_arithmetic` can work out.

    Args:
        model: `run.model`, a `Run`, or a base.
        layer: Name of a layer.

    Raises:
        InvalidArgumentError: If there is no such layer.
    """
    return type(find_call(flat_network(model), layer).operation).__name__ in _READERS


def layer_arithmetic(model: Any, image: Any, layer: str, row: int = 0, column: int = 0, channel: int = 0) -> Arithmetic:
    """Works out one output of a layer from the layer's own input and weights.

    Args:
        model: `run.model`, a `Run`, or a base.
        image: Raw RGB, `uint8` or `float32` in [0, 255], `(H, W, 3)`.
        layer: Name of a Conv2D (grouped, strided or dilated ones too), DepthwiseConv2D, SeparableConv2D or Dense, or
            of LeNet's PartialConv2D or TrainableSubsampling.
        row: Place of the output; 0 for a dense layer on a vector.
        column: Place of the output; 0 for a dense layer on a vector.
        channel: Channel or unit of the output.

    Returns:
        Numbers that add up to the network's own output within float32 accuracy.

    Raises:
        InvalidArgumentError: A layer of another kind, or a position that is not in its output.

    Source: lecture, convolutional and dense layers; Dumoulin & Visin, A guide to convolution arithmetic, 2016.
    """
    network = flat_network(model)
    call = find_call(network, layer)
    kind = type(call.operation).__name__
    if kind not in _READERS:
        raise InvalidArgumentError(
            N_("Expected `layer` to be one of {kinds}. Received: {value!r}, of the kind {kind}. Choose another layer."),
            kinds=list(_READERS),
            value=layer,
            kind=kind,
        )
    layer_input, output = _values(network, call, batch_of_one(network, image))
    _check_position(output, layer, (row, column, channel))
    reading = _READERS[kind](call.operation, layer_input, row, column, channel)
    return _add_up(call.operation, kind, reading, output, (row, column, channel))


def _values(network: Any, call: Call, batch: Any) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Input and output of the layer as `(h, w, c)`; vectors become `(1, 1, c)`."""
    values = evaluate_tensors(network, [call.inputs[0], call.outputs[0]], batch)
    layer_input, output = (_as_map(np.asarray(value, np.float32)[0]) for value in values)
    return layer_input, output


def _as_map(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return values.reshape((1,) * (3 - values.ndim) + values.shape)


def _check_position(output: NDArray[np.float32], layer: str, position: tuple[int, int, int]) -> None:
    if not all(0 <= index < size for index, size in zip(position, output.shape, strict=True)):
        raise InvalidArgumentError(
            N_("Expected (row, column, channel) in the output {shape} of {layer}. Received: {position}. Count from 0."),
            shape=output.shape,
            layer=layer,
            position=position,
        )


def _add_up(
    operation: Any, kind: str, reading: _Reading, output: NDArray[np.float32], position: tuple[int, int, int]
) -> Arithmetic:
    products = reading.patch * reading.kernel
    channel_sums = products.sum(axis=(0, 1), dtype=np.float64)
    bias = 0.0 if operation.bias is None else float(np.asarray(operation.bias)[position[2]])
    pre_activation = float(channel_sums.sum()) + bias
    name = getattr(operation.activation, "__name__", "linear")
    return Arithmetic(
        operation.name,
        kind,
        *position,
        reading.input_channels,
        reading.patch,
        reading.inside,
        reading.kernel,
        products,
        channel_sums,
        bias,
        pre_activation,
        name,
        _activate(operation, name, pre_activation, output[position]),
        float(output[position]),
    )


def _activate(operation: Any, name: str, value: float, output: Any) -> float:
    """The activation of one number; a softmax needs its neighbours, so there the network's own share is given."""
    if name == "softmax":
        return float(output)
    return float(np.asarray(operation.activation(np.array([[value]], np.float32)))[0, 0])


def _read_convolution(layer: Any, layer_input: NDArray[np.float32], row: int, column: int, channel: int) -> _Reading:
    kernel = np.asarray(layer.kernel, np.float32)  # (h, w, channels of a group, filters)
    width = kernel.shape[2]
    group = channel // (kernel.shape[3] // layer.groups)
    patch, inside = _cut(layer, layer_input, row, column)
    read = tuple(range(group * width, (group + 1) * width))
    return _Reading(patch[..., list(read)], inside, kernel[..., channel], read)


def _read_depthwise(layer: Any, layer_input: NDArray[np.float32], row: int, column: int, channel: int) -> _Reading:
    kernel = np.asarray(layer.kernel, np.float32)  # (h, w, channels, multiplier)
    source, copy = divmod(channel, kernel.shape[3])
    patch, inside = _cut(layer, layer_input, row, column)
    return _Reading(patch[..., source : source + 1], inside, kernel[:, :, source : source + 1, copy], (source,))


def _read_separable(layer: Any, layer_input: NDArray[np.float32], row: int, column: int, channel: int) -> _Reading:
    """Two linear steps in a row are one: the windows of each channel, weighed as the 1x1 convolution weighs them."""
    windows = np.asarray(layer.depthwise_kernel, np.float32)  # (h, w, channels, multiplier)
    weights = np.asarray(layer.pointwise_kernel, np.float32)[0, 0, :, channel]  # (channels * multiplier,)
    patch, inside = _cut(layer, layer_input, row, column)
    kernel = (windows * weights.reshape(windows.shape[2:])).sum(axis=-1)  # (h, w, channels)
    return _Reading(patch, inside, kernel, tuple(range(patch.shape[-1])))


def _read_partial(layer: Any, layer_input: NDArray[np.float32], row: int, column: int, channel: int) -> _Reading:
    start, read = sum(layer.fan_in[:channel]), layer.connections[channel]
    kernel = np.asarray(layer.kernel, np.float32)[..., start : start + len(read)]  # (h, w, channels read)
    patch, inside = _cut(layer, layer_input, row, column)
    return _Reading(patch[..., list(read)], inside, kernel, read)


def _read_subsampling(layer: Any, layer_input: NDArray[np.float32], row: int, column: int, channel: int) -> _Reading:
    patch, inside = _cut(layer, layer_input, row, column)
    patch = patch[..., channel : channel + 1]
    coefficient = float(np.asarray(layer.coefficient)[channel])
    return _Reading(patch, inside, np.full(patch.shape, coefficient, np.float32), (channel,))


def _read_dense(layer: Any, layer_input: NDArray[np.float32], row: int, column: int, channel: int) -> _Reading:
    kernel = np.asarray(layer.kernel, np.float32)[:, channel]  # (features,)
    patch = layer_input[row : row + 1, column : column + 1]
    return _Reading(patch, np.ones((1, 1), bool), kernel[np.newaxis, np.newaxis], tuple(range(len(kernel))))


def _cut(
    layer: Any, layer_input: NDArray[np.float32], row: int, column: int
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """What the kernel covers at one position of the output, zeros where it hangs over the edge."""
    offsets = []
    for axis, index in enumerate((row, column)):
        size, kernel = layer_input.shape[axis], _window(layer)[axis]
        stride, dilation = layer.strides[axis], getattr(layer, "dilation_rate", (1, 1))[axis]
        reach = (kernel - 1) * dilation + 1
        before = 0
        if layer.padding == "same":  # TensorFlow puts the odd pixel of padding behind
            before = max((math.ceil(size / stride) - 1) * stride + reach - size, 0) // 2
        offsets.append(index * stride - before + dilation * np.arange(kernel))
    rows, columns = np.meshgrid(*offsets, indexing="ij")
    inside = (rows >= 0) & (rows < layer_input.shape[0]) & (columns >= 0) & (columns < layer_input.shape[1])
    patch = layer_input[np.clip(rows, 0, layer_input.shape[0] - 1), np.clip(columns, 0, layer_input.shape[1] - 1)]
    return np.where(inside[..., np.newaxis], patch, 0), inside


def _window(layer: Any) -> tuple[int, int]:
    height, width = getattr(layer, "kernel_size", None) or layer.pool_size
    return height, width


_READERS = {
    "Conv2D": _read_convolution,
    "DepthwiseConv2D": _read_depthwise,
    "SeparableConv2D": _read_separable,
    "Dense": _read_dense,
    "PartialConv2D": _read_partial,
    "TrainableSubsampling": _read_subsampling,
}
