"""The rule of unfreezing: which layer fine-tuning starts from. The same for a network and for its shipped table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ..architectures import get_architecture, list_architectures
from ..architectures.catalog import catalogued
from ..errors import InvalidArgumentError
from ..translatable import N_
from .layers import unknown_layer


class LayerFacts(NamedTuple):
    """What the rule must know of a layer."""

    name: str
    type: str
    has_weights: bool


def find_unfreeze_layer(base: Any, name: str | None) -> str:
    """The first layer of `base` to train in fine-tuning.

    Args:
        base: Functional `keras.Model`.
        name: A layer ("block5_conv1"), or a block ("block5"); None for the last block.

    Returns:
        The name of a layer of `base`.

    Raises:
        InvalidArgumentError: There is no such layer or block; the nearest names are offered.
    """
    layers = [LayerFacts(layer.name, type(layer).__name__, bool(layer.weights)) for layer in base.layers]
    return resolve_unfreeze_layer(base.name, layers, name)


def tabled_unfreeze_layer(architecture: str, name: str | None) -> str:
    """As `find_unfreeze_layer`, told from the shipped table: needs no tensorflow.

    Args:
        architecture: One of `tlcore.list_architectures()`.
        name: A layer or a block; None for the last block.

    Returns:
        The name of a layer; a name that the table does not know comes back as it is, for training to refuse.

    Example:
        >>> tabled_unfreeze_layer("VGG16", "block4")
        'block4_conv1'
    """
    table = catalogued(architecture, include_top=False)
    if table is None:
        return name or ""
    layers = [LayerFacts(layer.name, layer.type, bool(layer.num_params)) for layer in table.layers]
    try:
        return resolve_unfreeze_layer(architecture, layers, name)
    except InvalidArgumentError:
        return name or ""


def resolve_unfreeze_layer(network: str, layers: Sequence[LayerFacts], name: str | None) -> str:
    """Spells out what to unfreeze from as the name of a layer.

    A layer's name is taken as it is. A block's name means its first layer with weights. None means what the registry
    says of this network; else the first layer of the block that holds the last convolution, or that convolution alone
    where blocks have no names.

    Args:
        network: Its name, for the error.
        layers: All of its layers, in order.
        name: A layer or a block; None for the last block.

    Raises:
        InvalidArgumentError: There is no such layer or block, or no layer with weights.
    """
    weighted = [layer for layer in layers if layer.has_weights]
    name = name or _registered_start(network)
    if name is None:
        return _last_block_start(network, weighted)
    if any(layer.name == name for layer in layers):
        return name
    in_block = [layer.name for layer in weighted if layer.name.startswith(f"{name}_")]
    if not in_block:
        raise unknown_layer(network, name, [layer.name for layer in layers])
    return in_block[0]


def _registered_start(network: str) -> str | None:
    """What the registry says of a network, which Keras may call by its name in small letters."""
    starts = {name.lower(): get_architecture(name).unfreeze_from for name in list_architectures()}
    return starts.get(network.lower())


def _last_block_start(network: str, weighted: list[LayerFacts]) -> str:
    if not weighted:
        raise InvalidArgumentError(
            N_("Expected a base with weights to fine-tune. Received: {network}. Choose another base."), network=network
        )
    convolutions = [layer for layer in weighted if "Conv" in layer.type]
    last = (convolutions or weighted)[-1].name
    block = [layer.name for layer in weighted if layer.name.split("_")[0] == last.split("_")[0]]
    return block[0] if "_" in last and len(block) <= max(len(weighted) // 3, 6) else last
