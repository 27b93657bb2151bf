"""What is read of Keras that has no public door: here and nowhere else, so that a new Keras is one module to look at.

`requirements.txt` holds Keras to the versions that this was written for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


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
