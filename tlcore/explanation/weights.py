"""What a layer has learned: its filters as pictures, its weights as numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InvalidArgumentError
from ..features.graph import Call, calls_of
from ..translatable import N_
from .network import evaluate_tensors, find_call, flat_network

_BINS = 40


@dataclass(frozen=True)
class WeightStatistics:
    """One tensor of weights in numbers.

    Attributes:
        name: For example "kernel".
        shape: Of the tensor.
        count: How many numbers it holds.
        trainable: Whether training changes it.
        minimum: Lowest value.
        maximum: Highest value.
        mean: Mean.
        std: Standard deviation.
        share_zero: Share of values that are exactly 0.
        histogram: How many values lie in each of the bins.
        edges: Limits of the bins, one more than bins.
    """

    name: str
    shape: tuple[int, ...]
    count: int
    trainable: bool
    minimum: float
    maximum: float
    mean: float
    std: float
    share_zero: float
    histogram: tuple[int, ...]
    edges: tuple[float, ...]


def weight_statistics(model: Any, layer: str) -> list[WeightStatistics]:
    """Every tensor of weights of a layer in numbers; none for a layer without weights.

    Raises:
        InvalidArgumentError: If there is no such layer.
    """
    operation = find_call(flat_network(model), layer).operation
    return [_statistics(variable) for variable in getattr(operation, "weights", [])]


def _statistics(variable: Any) -> WeightStatistics:
    values = np.asarray(variable, np.float64).ravel()
    histogram, edges = np.histogram(values, bins=_BINS)
    return WeightStatistics(
        name=variable.name,
        shape=tuple(int(side) for side in variable.shape),
        count=len(values),
        trainable=bool(variable.trainable),
        minimum=float(values.min()),
        maximum=float(values.max()),
        mean=float(values.mean()),
        std=float(values.std()),
        share_zero=float(np.mean(values == 0)),
        histogram=tuple(int(count) for count in histogram),
        edges=tuple(float(edge) for edge in edges),
    )


def first_layer_filters(model: Any) -> NDArray[np.uint8]:
    """The filters of the first convolution as colour pictures: the edges and colours that it looks for.

    Each filter is stretched by its largest weight, so that 0 is mid grey. Networks that take blue before red, as VGG16
    does, are recognised by what their preprocessing makes of a red image.

    Returns:
        `uint8 (filters, kernel_height, kernel_width, 3)`, RGB.

    Raises:
        InvalidArgumentError: If the network has no convolution on colours or grey.

    Source: Krizhevsky et al., ImageNet Classification with Deep Convolutional Neural Networks, 2012, figure 3.
    """
    network = flat_network(model)
    call = _first_convolution(network)
    kernel = np.asarray(call.operation.kernel, np.float32).transpose(3, 0, 1, 2)  # (filters, h, w, channels)
    colours = [0, 0, 0] if kernel.shape[-1] == 1 else _channel_of_colours(network, call)
    kernel = kernel[..., colours]
    largest = np.abs(kernel).max(axis=(1, 2, 3), keepdims=True)
    return np.rint(127.5 + 127.5 * kernel / np.where(largest > 0, largest, 1)).astype(np.uint8)


def _first_convolution(network: Any) -> Call:
    for call in calls_of(network):
        if type(call.operation).__name__ == "Conv2D":
            if call.operation.groups == 1 and call.operation.kernel.shape[2] in (1, 3):
                return call
            break
    raise InvalidArgumentError(
        N_("Expected a network whose first convolution reads colours or grey. Received: {network}, which has none."),
        network=network.name,
    )


def _channel_of_colours(network: Any, call: Call) -> list[int]:
    """Which channel of the convolution's input carries red, green and blue."""
    height, width, channels = network.input_shape[1:]
    if channels != 3:
        return [0, 1, 2]
    colours = np.zeros((4, height or 64, width or 64, 3), np.float32)  # black, red, green, blue
    for channel in range(3):
        colours[channel + 1, ..., channel] = 255
    (values,) = evaluate_tensors(network, [call.inputs[0]], colours)
    middle = np.asarray(values, np.float32)[:, values.shape[1] // 2, values.shape[2] // 2]  # (4, 3)
    return [int(np.argmax(np.abs(middle[channel + 1] - middle[0]))) for channel in range(3)]
