"""`describe`: the table of a network, from its name."""

from __future__ import annotations

import gc
from functools import lru_cache
from typing import Any

from .build import build_network, check_input_shape, check_num_classes, check_pooling, shapes_only
from .catalog import catalogued
from .registry import get_architecture
from .summary import ArchitectureSummary


def describe(
    name: str,
    *,
    input_shape: Any = None,
    include_top: bool = True,
    num_classes: int | None = None,
    pooling: str | None = None,
) -> ArchitectureSummary:
    """The table of a network: every layer with its shape, parameters, operations and receptive field.

    Tables at default sizes are shipped and need no tensorflow; others are made by building the network without
    weights, which takes little memory.

    Args:
        name: One of `list_architectures()`.
        input_shape: (height, width, channels), or None for the network's own.
        include_top: Whether its dense layers are included.
        num_classes: Classes of the top; None for the network's own number.
        pooling: None, "avg" or "max": what follows the last feature maps without a top.

    Returns:
        Its table.

    Raises:
        InvalidArgumentError: An unknown name, a size below the network's minimum, or another impossible argument.

    Example:
        >>> describe("VGG16", input_shape=(150, 150, 3), include_top=False).total_params
        14714688
    """
    spec = get_architecture(name)
    shape = check_input_shape(spec, input_shape)
    classes, pooling = check_num_classes(spec, num_classes), check_pooling(pooling)
    if include_top:
        pooling = None
    else:
        classes = spec.num_classes
    shipped = catalogued(name, input_shape=shape, include_top=include_top, num_classes=classes, pooling=pooling)
    return shipped or _built(name, shape, bool(include_top), classes, pooling)


def describe_built(name: str, **arguments: Any) -> ArchitectureSummary:
    """As `describe`, never from the shipped tables: builds the network without weights and reads it.

    Args:
        name: One of `list_architectures()`.
        **arguments: As for `build_network`.

    Returns:
        Its table.
    """
    from .tables import describe_model

    model = build_without_weights(name, **arguments)
    return describe_model(model, architecture=name, include_top=arguments.get("include_top", True))


def build_without_weights(name: str, **arguments: Any) -> Any:
    """Builds the network with shapes and no values: no memory, and nothing to compute with.

    Args:
        name: One of `list_architectures()`.
        **arguments: As for `build_network`.

    Returns:
        A keras.Model that has shapes only.
    """
    # Keras makes hundreds of thousands of objects that stay; looking for garbage among them takes a third of the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        with shapes_only():
            return build_network(name, **arguments)
    finally:
        if collecting:
            gc.enable()


@lru_cache(maxsize=64)
def _built(
    name: str, shape: tuple[int, int, int], include_top: bool, classes: int, pooling: str | None
) -> ArchitectureSummary:
    return describe_built(name, input_shape=shape, include_top=include_top, num_classes=classes, pooling=pooling)
