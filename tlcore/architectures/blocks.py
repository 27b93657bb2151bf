"""Groups layers into blocks by their names, the way the authors of keras.applications named them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .reading import ReadLayer

INPUT, PREPROCESSING, STEM, FINAL, TOP = "input", "preprocessing", "stem", "final", "top"

#: First match wins; "{0}" is what the parentheses hold.
_PATTERNS = tuple(
    (re.compile(pattern), block)
    for pattern, block in (
        (r"(?:separable_conv|reduction|normal|adjust)\w*?_((?:stem|reduce)_\d+|\d+)$", "cell_{0}"),  # NASNet
        (r"(conv\d+_block\d+)_", "{0}"),  # ResNet, DenseNet
        (r"(pool[2-9])_", "{0}"),  # DenseNet's transitions
        (r"(block\d+_\d+)_(?:mixed|conv|ac)$", "{0}"),  # Inception-ResNet
        (r"(block_?\d+[a-z]?)_", "{0}"),  # VGG, Xception, EfficientNet, MobileNetV2
        (r"conv_(?:dw|pw|pad)_(\d+)", "block{0}"),  # MobileNet
        (r"(expanded_conv(?:_\d+)?)_", "{0}"),  # MobileNetV2, V3
        (r"convnext_[a-z]+_(stage_\d+_block_\d+)_", "{0}"),
        (r"convnext_[a-z]+_downsampling_[a-z]+_(\d+)$", "downsampling_{0}"),
        (r"convnext_[a-z]+_stem_", STEM),
        (r"(mixed_?\d+[a-z]?)", "{0}"),  # Inception
        (r"(?:stem_|Conv1|bn_Conv1|conv$|conv_bn$)", STEM),
        (r"(?:top_(?:conv|bn|act)|conv_1|Conv_1|out_relu|conv_7b|post_|bn$|relu$)", FINAL),
        (r"(?:conv|norm|pool)(\d+)(?:_|$)", "conv{0}"),  # AlexNet, ResNet's start
        (r"[CS](\d)", "stage_{0}"),  # LeNet
    )
)
_LENET_STAGES = {
    "stage_1": "stage1",
    "stage_2": "stage1",
    "stage_3": "stage2",
    "stage_4": "stage2",
    "stage_5": "stage3",
}
_COLLAPSING = ("GlobalAveragePooling2D", "GlobalMaxPooling2D", "Flatten")
_STARTING = ("ZeroPadding2D", "Dense", "BatchNormalization", "Activation", "Flatten")


def assign_blocks(layers: Sequence[ReadLayer]) -> list[str]:
    """The block of each layer, in the order of `layers`.

    Layers that Keras named itself go with their neighbours: with the join that ends the block in Inception, with what
    reads them in NASNet, else with the named layer before them.
    """
    blocks = [_block_of_name(layer) for layer in layers]
    _mark_ends(layers, blocks)
    if any(name and name.startswith("cell_") for name in blocks):
        _fill_from_consumers(layers, blocks)
    if any(name and name.startswith("mixed") for name in blocks):
        _mark_single_path(layers, blocks)
        _fill_backwards(layers, blocks)
    return _fill_forwards(blocks)


def is_automatic(layer: ReadLayer) -> bool:
    """Whether Keras made the name up from the type, such as "conv2d_17"."""
    snake = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", layer.type)
    snake = re.sub(r"([a-z])([A-Z])", r"\1_\2", snake).lower()
    return re.fullmatch(rf"{snake}(_\d+)?", layer.name) is not None


def _block_of_name(layer: ReadLayer) -> str | None:
    if is_automatic(layer):
        return None
    for pattern, block in _PATTERNS:
        match = pattern.match(layer.name)
        if match:
            name = block.format(*match.groups())
            return _LENET_STAGES.get(name, name)
    return None


def _mark_ends(layers: Sequence[ReadLayer], blocks: list[str | None]) -> None:
    """Marks inputs, the preprocessing before the first layer with a window, and the top behind the last map."""
    start = 0
    while start < len(layers) and layers[start].kernel_size is None and layers[start].type not in _STARTING:
        blocks[start] = INPUT if layers[start].type == "InputLayer" else PREPROCESSING
        start += 1
    collapsed: list[bool] = []
    for layer in layers:
        flat = len(layer.output_shape) < 3 or layer.output_shape[:2] == (1, 1)
        collapsed.append(
            layer.type in _COLLAPSING or (flat and bool(layer.inputs) and any(collapsed[i] for i in layer.inputs))
        )
    position = len(layers)
    while position > start and collapsed[position - 1]:
        position -= 1
        blocks[position] = TOP


def _fill_from_consumers(layers: Sequence[ReadLayer], blocks: list[str | None]) -> None:
    consumers = _consumers(layers)
    for position in reversed(range(len(layers))):
        if blocks[position] is None and layers[position].type == "Activation":
            known = [blocks[reader] for reader in consumers[position] if blocks[reader]]
            blocks[position] = known[0] if known else None
    for position, layer in enumerate(layers):
        if blocks[position] is None and layer.inputs:
            blocks[position] = blocks[layer.inputs[0]]


def _mark_single_path(layers: Sequence[ReadLayer], blocks: list[str | None]) -> None:
    """The stem of an Inception network ends where the first branches begin."""
    consumers = _consumers(layers)
    for position in range(len(layers)):
        blocks[position] = blocks[position] or STEM
        if len(consumers[position]) > 1:
            return


def _fill_backwards(layers: Sequence[ReadLayer], blocks: list[str | None]) -> None:
    following: str | None = None
    for position in reversed(range(len(layers))):
        if blocks[position] is None and layers[position].type != "CustomScaleLayer" and following != TOP:
            blocks[position] = following
        following = blocks[position] or following


def _fill_forwards(blocks: list[str | None]) -> list[str]:
    first = next((block for block in blocks if block not in (None, INPUT, PREPROCESSING)), "network")
    filled: list[str] = []
    for block in blocks:
        previous = filled[-1] if filled and filled[-1] not in (INPUT, PREPROCESSING) else (first or "network")
        filled.append(block or (previous if previous != TOP else "network"))
    return filled


def _consumers(layers: Sequence[ReadLayer]) -> list[list[int]]:
    readers: list[list[int]] = [[] for _ in layers]
    for position, layer in enumerate(layers):
        for source in layer.inputs:
            readers[source].append(position)
    return readers
