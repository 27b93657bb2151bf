"""How deep a network is. Three ways of counting are in use, and published tables mix them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .summary import ArchitectureSummary, LayerSummary

_KERNEL_TYPES = (
    "Conv1D",
    "Conv2D",
    "Conv2DTranspose",
    "DepthwiseConv2D",
    "SeparableConv2D",
    "PartialConv2D",
    "Dense",
    "EuclideanRBF",
)


@dataclass(frozen=True)
class Depths:
    """Depth of a network, counted in each of the ways.

    Attributes:
        longest_path: Layers of every kind on the longest path, the input too. Keras's table of 2019, which is the
            lecture's, counts so for VGG and Xception (23 for VGG16, 126 for Xception).
        parameter_layers: Layers that have parameters, BatchNormalization too. Keras's table of today counts so
            (16 for VGG16, 81 for Xception, 107 for ResNet50).
        weighted_path: Convolutions and dense layers on the path that has most of them: the number in names such as
            VGG16, ResNet50 and DenseNet121.
    """

    longest_path: int
    parameter_layers: int
    weighted_path: int


def depths(summary: ArchitectureSummary) -> Depths:
    """Counts the depth of a network in each of the ways.

    Args:
        summary: Table of the network.

    Returns:
        The three counts.

    Example:
        >>> depths(describe("VGG16"))
        Depths(longest_path=23, parameter_layers=16, weighted_path=16)
    """
    return Depths(
        longest_path=_longest(summary, lambda layer: 1),
        parameter_layers=sum(layer.num_params > 0 for layer in summary.layers),
        weighted_path=_longest(summary, lambda layer: int(layer.type in _KERNEL_TYPES)),
    )


def _longest(summary: ArchitectureSummary, weight: Callable[[LayerSummary], int]) -> int:
    reached: dict[str, int] = {}
    for layer in summary.layers:
        before = max((reached[name] for name in layer.connected_to), default=0)
        reached[layer.name] = before + weight(layer)
    return max(reached.values())
