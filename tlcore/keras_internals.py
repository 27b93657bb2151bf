"""What is read of Keras that has no public door: here and nowhere else, so that a new Keras is one module to look at.

`requirements.txt` holds Keras to the versions that this was written for.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_unsaved_lock = threading.RLock()
_PLAIN = frozenset({type(None), bool, int, float, str})  # nothing of these is a variable or a layer, or holds one


def call_behind(tensor: Any) -> Any:
    """The call that gave a symbolic tensor: `operation`, `input_tensors`, `output_tensors`."""
    history = tensor._keras_history
    return history.operation._inbound_nodes[history.node_index]


def operation_behind(tensor: Any) -> Any:
    """The layer or operation that gave a symbolic tensor."""
    return tensor._keras_history.operation


def calls_within(operation: Any, model: Any) -> Iterator[Any]:
    """The calls of an operation that belong to `model`; a layer can also stand in other models."""
    for index, call in enumerate(operation._inbound_nodes):
        if f"{id(operation)}_ib-{index}" in model._nodes or call in model._nodes:
            yield call


def build_before_fit(model: Any, images: Any, labels: Any) -> None:
    """Makes the variables of optimizer and metrics now; `fit` makes them while it traces a step, and traces it again.

    Args:
        model: Compiled.
        images, labels: What it will be trained on; only shapes and types are looked at.
    """
    model._symbolic_build(data_batch=(images[:1], labels[:1]))


@contextmanager
def set_aside(key: str) -> Iterator[None]:
    """Within it Keras starts anew with what it keeps under `key`; outside, nothing has changed."""
    from keras.src.backend.common import global_state

    before = global_state.get_global_attribute(key)
    global_state.set_global_attribute(key, None)
    try:
        yield
    finally:
        global_state.set_global_attribute(key, before)


@contextmanager
def never_saved() -> Iterator[None]:
    """Layers that this thread makes within it cannot be saved by tensorflow, and take 40 % less time to make.

    At each of some 80 attributes a layer tensorflow looks whether it is something to save. Keras's own list of a
    layer's variables and layers is kept.
    """
    from keras.src.layers.layer import Layer

    thread = threading.get_ident()

    def set_attribute(layer: Any, name: str, value: Any) -> None:
        if threading.get_ident() != thread:
            usual(layer, name, value)
            return
        if name != "_tracker" and type(value) not in _PLAIN:
            if not hasattr(layer, "_tracker"):
                layer._initialize_tracker()
            value = layer._tracker.track(value)
        object.__setattr__(layer, name, value)

    with _unsaved_lock:
        usual = Layer.__setattr__
        Layer.__setattr__ = set_attribute
        try:
            yield
        finally:
            Layer.__setattr__ = usual
