"""A functional network as a list of calls, in the order in which they run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..keras_internals import call_behind


@dataclass(frozen=True)
class Call:
    """One use of a layer or operation.

    Attributes:
        operation: The `keras.Layer` or `keras.Operation`; an `InputLayer` has no inputs.
        inputs: Symbolic tensors that go in.
        outputs: Symbolic tensors that come out.
    """

    operation: Any
    inputs: tuple[Any, ...]
    outputs: tuple[Any, ...]


def calls_of(model: Any) -> list[Call]:
    """Every call that the outputs of a functional `model` need, each after the calls whose outputs it takes."""
    found: dict[int, Call] = {}
    stack = [(tensor, False) for tensor in reversed(model.outputs)]
    inputs = {id(tensor) for tensor in model.inputs}
    while stack:
        tensor, ready = stack.pop()
        node = call_behind(tensor)
        if id(node) in found:
            continue
        call = Call(
            node.operation, () if id(tensor) in inputs else tuple(node.input_tensors), tuple(node.output_tensors)
        )
        if ready or not call.inputs:
            found[id(node)] = call
            continue
        stack.append((tensor, True))
        stack.extend((source, False) for source in reversed(call.inputs))
    return list(found.values())


def structure_hash(model: Any) -> str:
    """Equal for networks of equal structure, whatever their layers are called. Weights are not part of it."""
    positions: dict[int, tuple[int, int]] = {}
    digest = hashlib.blake2b(digest_size=16)
    for number, call in enumerate(calls_of(model)):
        positions.update({id(tensor): (number, index) for index, tensor in enumerate(call.outputs)})
        sources = [positions[id(tensor)] for tensor in call.inputs]
        shapes = [tuple(tensor.shape) for tensor in call.outputs]
        digest.update(repr((type(call.operation).__name__, _settings(call.operation), sources, shapes)).encode())
    digest.update(repr([positions[id(tensor)] for tensor in model.outputs]).encode())
    return digest.hexdigest()


def _settings(operation: Any) -> str:
    """The configuration without names, flags of training and initialisers, none of which change what is computed."""
    config = operation.get_config()
    kept = {key: value for key, value in config.items() if not _is_irrelevant(key)}
    return json.dumps(kept, sort_keys=True, default=str)


def _is_irrelevant(key: str) -> bool:
    return key in ("name", "trainable", "seed") or key.endswith(("initializer", "regularizer", "constraint"))


def weights_digest(model: Any) -> str:
    """Hash of the values of all weights of `model`, in order."""
    digest = hashlib.blake2b(digest_size=16)
    for values in _values(model):
        digest.update(memoryview(values).cast("B"))
    return digest.hexdigest()


def _values(model: Any) -> Iterator[Any]:
    import numpy as np

    for variable in model.weights:
        yield np.ascontiguousarray(variable.numpy()).reshape(-1)
