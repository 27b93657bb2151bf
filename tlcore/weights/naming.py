"""One name for each tensor of a network, the same in every process that builds it."""

from __future__ import annotations

import re
from typing import Any

_AUTOMATIC = re.compile(r"(?P<stem>[a-z][a-z0-9_]*?)(_\d+)?")


def tensors_by_name(model: Any) -> dict[str, Any]:
    """Keras variables of `model` under names such as "block1_conv1/kernel", in the network's order.

    Keras numbers layers that were given no name by what was built before in the process ("conv2d_95"). Such names
    are counted from the network's own first layer here, so that they mean the same in every process.

    Args:
        model: A flat functional `keras.Model`.

    Returns:
        Name -> `keras.Variable`; seeds of dropout layers are no weights and are left out.
    """
    used: dict[str, int] = {}
    names: dict[str, Any] = {}
    for layer in model.layers:
        if not layer.weights:
            continue
        name = _stable_name(layer, used)
        for variable in layer.weights:
            _, _, inner = variable.path.partition("/")
            names[_unused(f"{name}/{inner or variable.name}", names)] = variable
    return names


def _stable_name(layer: Any, used: dict[str, int]) -> str:
    stem = _snake_case(type(layer).__name__)
    match = _AUTOMATIC.fullmatch(layer.name)
    if match is None or match["stem"] != stem:
        return str(layer.name)
    number = used.get(stem, 0)
    used[stem] = number + 1
    return f"{stem}_{number}" if number else stem


def _snake_case(name: str) -> str:
    """As Keras makes a layer's name from its class: "Conv2D" -> "conv2d"."""
    words = re.sub(r"([A-Z][a-z]+)", r"_\1", name.replace("2D", "2d"))
    return re.sub(r"_+", "_", re.sub(r"([a-z])([A-Z])", r"\1_\2", words)).strip("_").lower()


def _unused(name: str, names: dict[str, Any]) -> str:
    candidate, number = name, 1
    while candidate in names:
        candidate, number = f"{name}_{number}", number + 1
    return candidate
