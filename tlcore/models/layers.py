"""Finds a layer of a network by its name."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from ..errors import InvalidArgumentError
from ..translatable import N_


def find_layer(model: Any, name: str) -> Any:
    """The layer called `name`.

    Raises:
        InvalidArgumentError: There is no such layer; the nearest names are offered.
    """
    layers = {layer.name: layer for layer in model.layers}
    if name not in layers:
        raise unknown_layer(model.name, name, layers)
    return layers[name]


def unknown_layer(network: str, name: str, known: Iterable[str]) -> InvalidArgumentError:
    """The error for a name that no layer has.

    Args:
        network: Name of the network.
        name: What was asked for.
        known: Names of the layers that there are.
    """
    return InvalidArgumentError(
        N_("Expected `layer` to be a layer of {network}. Received: {name!r}. Nearest names: {nearest}."),
        network=network,
        name=str(name),
        nearest=", ".join(get_close_matches(str(name), list(known), n=3, cutoff=0.0)),
    )
