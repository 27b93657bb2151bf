"""The published weights of EfficientNet-Lite, under the names and in the layout that Keras has for them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

_NORMALIZATION = {"weight": "gamma", "bias": "beta", "running_mean": "moving_mean", "running_var": "moving_variance"}
#: Layers outside of the blocks, and layers of a block (which are `_bn0`, `_bn1` too).
_OUTER = {"conv_stem": "stem_conv", "bn0": "stem_bn", "conv_head": "top_conv", "bn1": "top_bn", "fc": "predictions"}
_INNER = {
    "expand_conv": "expand_conv",
    "bn0": "expand_bn",
    "depthwise_conv": "dwconv",
    "bn1": "bn",
    "project_conv": "project_conv",
    "bn2": "project_bn",
}
_NAME = re.compile(r"(?:_blocks\.(?P<block>\d+)\.)?_(?P<layer>\w+)\.(?P<tensor>\w+)")


def keras_tensors(stored: dict[str, NDArray[Any]], blocks: Iterable[str]) -> dict[str, NDArray[Any]]:
    """Renames and transposes tensors from PyTorch's conventions to Keras's.

    Args:
        stored: Tensors under names such as "_blocks.0._depthwise_conv.weight", convolutions `(out, in, h, w)`.
        blocks: Names of the network's blocks in order, such as "block1a".

    Returns:
        Tensors under the names of `tensors_by_name`, such as "block1a_dwconv/kernel", convolutions `(h, w, in, out)`
        or `(h, w, channels, 1)`. A name that follows no rule is kept, so that loading tells of it.
    """
    names = list(blocks)
    converted = {}
    for name, value in stored.items():
        if not name.endswith("num_batches_tracked"):  # a counter that only PyTorch's training reads
            converted[_keras_name(name, names)] = np.ascontiguousarray(_keras_layout(name, value))
    return converted


def _keras_name(name: str, blocks: list[str]) -> str:
    match = _NAME.fullmatch(name)
    layers = _OUTER if match is None or match["block"] is None else _INNER
    if match is None or match["layer"] not in layers or (match["block"] and int(match["block"]) >= len(blocks)):
        return name
    layer = layers[match["layer"]]
    tensor = (_NORMALIZATION if layer.endswith("bn") else {"weight": "kernel", "bias": "bias"})[match["tensor"]]
    return f"{blocks[int(match['block'])]}_{layer}/{tensor}" if match["block"] else f"{layer}/{tensor}"


def _keras_layout(name: str, value: NDArray[Any]) -> NDArray[Any]:
    if value.ndim == 4:
        return value.transpose((2, 3, 0, 1) if "depthwise" in name else (2, 3, 1, 0))
    return value.T
