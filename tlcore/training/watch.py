"""Lets people watch a run: events as plain dicts, few enough to cost nearly nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tlcore.models.head import Network

OnEvent = Callable[[dict[str, Any]], None]

#: At most this many batch events a second: the eye sees no more, and each gradient norm costs a pass over memory.
_EVENTS_PER_S = 10.0
_PROGRESS_PER_S = 10.0


class Watch:
    """Sends the events of one run and knows when the person wants it to stop.

    Args:
        on_event: Called with each event: {"kind": ..., "time_s": seconds since the run began, ...}; may be None.
        should_stop: Asked before each batch; may be None.
        layers: Measure drift and gradient norms of each layer in each epoch.
    """

    def __init__(
        self, on_event: OnEvent | None, should_stop: Callable[[], bool] | None, *, layers: bool = True
    ) -> None:
        self.layers = layers
        self.should_stop = should_stop or (lambda: False)
        self.notes: list[tuple[str, dict[str, Any]]] = []
        self._on_event = on_event
        self._start_s = time.perf_counter()
        self._last_batch_s = self._last_progress_s = -1.0

    @property
    def watched(self) -> bool:
        return self._on_event is not None

    def emit(self, kind: str, **facts: Any) -> None:
        if self._on_event is not None:
            self._on_event({"kind": kind, "time_s": time.perf_counter() - self._start_s, **facts})

    def note(self, template: str, **params: Any) -> None:
        """A translatable remark, kept once in the run and sent as an event."""
        if (template, params) not in self.notes:
            self.notes.append((template, params))
            self.emit("note", template=template, params=params)

    def batch_is_due(self) -> bool:
        """Whether the coming batch should be reported."""
        now_s = time.perf_counter()
        if self._on_event is None or now_s - self._last_batch_s < 1.0 / _EVENTS_PER_S:
            return False
        self._last_batch_s = now_s
        return True

    def progress_of(self, part: str, sizes: dict[str, int]) -> Callable[[int, int], None]:
        """A progress callback for one split of several that are extracted one after the other."""
        names = list(sizes)
        before = sum(sizes[name] for name in names[: names.index(part)])
        start_s = time.perf_counter()

        def report(done: int, count: int) -> None:
            now_s = time.perf_counter()
            if done < count and now_s - self._last_progress_s < 1.0 / _PROGRESS_PER_S:
                return
            self._last_progress_s = now_s
            total = sum(sizes.values())
            left_s = (now_s - start_s) / max(done, 1) * (total - before - done)
            self.emit("progress", phase="extraction", done=before + done, total=total, seconds_left=left_s)

        return report


class Drift:
    """Measures ||W - W0|| / ||W0|| of each layer against the weights at the start of the run.

    Kernel, bias, scale and offset of a layer count as one long vector; moving statistics are not weights.

    Args:
        network: Its weights are copied now.
    """

    def __init__(self, network: Network) -> None:
        self._layers = {layer.name: layer for layer in network.model.layers if _weights(layer)}
        self._start = {
            name: [variable.numpy().copy() for variable in _weights(layer)] for name, layer in self._layers.items()
        }
        self._norms = {name: _norm(values) for name, values in self._start.items()}

    def zeros(self) -> dict[str, float]:
        return dict.fromkeys(self._layers, 0.0)

    def of_model(self) -> dict[str, float]:
        """Every layer of the network as it is now; exactly 0.0 for a layer that is bit for bit the same."""
        return {name: self._of(name, [v.numpy() for v in _weights(layer)]) for name, layer in self._layers.items()}

    def _of(self, name: str, values: list[NDArray[Any]]) -> float:
        moved = _norm([now - then for now, then in zip(values, self._start[name], strict=True)])
        return moved / self._norms[name] if self._norms[name] else moved

    def meter(self, owners: list[str], variables: list[Any]) -> Callable[[], dict[str, float]]:
        """A compiled measurement of the `variables` being trained; `owners` are the names of their layers."""
        import tensorflow as tf

        places = {name: iter(values) for name, values in self._start.items()}
        starts = [tf.constant(next(places[owner])) for owner in owners]

        def squares() -> Any:
            pairs = zip(variables, starts, strict=True)
            return tf.stack([2.0 * tf.nn.l2_loss(now - then) for now, then in pairs])

        compiled = tf.function(squares)

        def measure() -> dict[str, float]:
            moved = by_layer(owners, compiled().numpy())
            relative = {name: value / (self._norms[name] or 1.0) for name, value in moved.items()}
            return {**self.zeros(), **relative}

        return measure


def by_layer(owners: list[str], squares: NDArray[Any]) -> dict[str, float]:
    """Norm of each layer from the squared norms of its tensors."""
    sums: dict[str, float] = {}
    for owner, square in zip(owners, squares.tolist(), strict=True):
        sums[owner] = sums.get(owner, 0.0) + square
    return {owner: float(np.sqrt(total)) for owner, total in sums.items()}


def _weights(layer: Any) -> list[Any]:
    return [weight for weight in layer.weights if not weight.name.startswith("moving_")]


def _norm(values: list[NDArray[Any]]) -> float:
    return float(np.sqrt(sum(float(np.vdot(array, array)) for array in values)))
