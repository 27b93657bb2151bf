"""Freezing: which layers training changes and which it leaves as they are."""

from __future__ import annotations

from typing import Any

from .head import Network


def freeze_base(base: Any, first_trained: str | None) -> None:
    """Freezes a base up to a layer, as on slides 37 and 45 of the lecture. A head on top of it stays trainable.

    Compile after this, never before: what is trained is read when training starts.

    Args:
        base: Functional `keras.Model`, changed in place; as one layer of a network, or its layers in line with others.
        first_trained: Name of the first layer of the base that is trained; None freezes all of it.
    """
    base.trainable = first_trained is not None
    trained = False
    for layer in base.layers:
        trained = trained or layer.name == first_trained
        layer.trainable = trained


def trained_layers(network: Network, first_trained: str | None) -> set[str]:
    """Names of the layers that training changes or that act differently during training: from `first_trained` on."""
    names = [layer.name for layer in network.base.layers]
    start = len(names) if first_trained is None else names.index(first_trained)
    return {*names[start:], *network.head_names}
