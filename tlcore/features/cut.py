"""Cuts a network where training begins: what lies below is the same every epoch and needs to run only once.

The cut is not one layer but a set of tensors, since the networks after VGG branch: everything that does not depend on
a trained layer is frozen, and the tensors that go from frozen to trained calls are the frontier.

```
images -> [ frozen prefix ] -> frontier tensors -> [ trained suffix ] -> probabilities
```
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..keras_internals import operation_behind
from .graph import Call, calls_of


@dataclass(frozen=True)
class Cut:
    """A network in two parts that share its layers.

    Attributes:
        prefix: `keras.Model` from the images to the frontier, or None where the first layer is trained already.
        suffix: `keras.Model` from the frontier (or the images) to the outputs.
        tensors: The symbolic tensors of the whole network that cross the cut.
    """

    prefix: Any
    suffix: Any
    tensors: tuple[Any, ...] = ()

    @property
    def frontier(self) -> tuple[str, ...]:
        """Names of the layers whose outputs cross the cut."""
        return tuple(operation_behind(tensor).name for tensor in self.tensors)


def cut_before(model: Any, trained: set[str]) -> Cut:
    """Cuts a functional `model` below its first trained layers.

    Args:
        model: A functional `keras.Model` with one input.
        trained: Names of the layers that change, or that behave differently while training.

    Returns:
        Both parts. They share the layers of `model`: training the suffix trains `model`.
    """
    import keras

    frontier = _frontier(model, trained)
    if all(_is_input(tensor, model) for tensor in frontier):
        return Cut(None, model)
    crossing = frontier[0] if len(frontier) == 1 else frontier
    prefix = keras.Model(model.input, crossing, name=f"{model.name}_prefix")
    suffix = keras.Model(crossing, model.output, name=f"{model.name}_suffix")
    return Cut(prefix, suffix, tuple(frontier))


def _frontier(model: Any, trained: set[str]) -> list[Any]:
    """Tensors of frozen calls that a trained call takes (or that are outputs), in the order they are computed."""
    moving: set[int] = set()
    crossing: dict[int, Any] = {}
    calls = calls_of(model)
    for call in calls:
        if _moves(call, trained, moving):
            moving.update(id(tensor) for tensor in call.outputs)
    for call in calls:
        if call.outputs and id(call.outputs[0]) in moving:
            crossing.update({id(tensor): tensor for tensor in call.inputs if id(tensor) not in moving})
    crossing.update({id(tensor): tensor for tensor in model.outputs if id(tensor) not in moving})
    return list(crossing.values())


def _moves(call: Call, trained: set[str], moving: set[int]) -> bool:
    return call.operation.name in trained or any(id(tensor) in moving for tensor in call.inputs)


def _is_input(tensor: Any, model: Any) -> bool:
    return any(tensor is entry for entry in model.inputs)
