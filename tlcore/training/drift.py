"""How far training moves the weights of each layer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from .trained_network import TrainedNetwork


class Drift:
    """Measures ||W - W0|| / ||W0|| of each layer against the weights at the start of the run.

    Kernel, bias, scale and offset of a layer count as one long vector; moving statistics are not weights.

    Args:
        network: Those of its weights that may move are copied now.
    """

    def __init__(self, network: TrainedNetwork) -> None:
        self._names = [layer.name for layer in network.layers if _weights(layer)]
        moving = network.head_layers if network.base_is_kept else network.layers
        self._layers = {layer.name: layer for layer in moving if _weights(layer)}
        self._start = {
            name: [variable.numpy().copy() for variable in _weights(layer)] for name, layer in self._layers.items()
        }
        self._norms = {name: _norm(values) for name, values in self._start.items()}

    def zeros(self) -> dict[str, float]:
        """A drift of exactly 0 for every layer of the base."""
        return dict.fromkeys(self._names, 0.0)

    def of_model(self) -> dict[str, float]:
        """Every layer of the network as it is now; exactly 0.0 for a layer that is bit for bit the same."""
        moved = {name: self._of(name, [v.numpy() for v in _weights(layer)]) for name, layer in self._layers.items()}
        return {**self.zeros(), **moved}

    def _of(self, name: str, values: list[NDArray[Any]]) -> float:
        moved = _norm([now - then for now, then in zip(values, self._start[name], strict=True)])
        return moved / self._norms[name] if self._norms[name] else moved

    def meter(self, layer_names: list[str], variables: list[Any]) -> Callable[[], dict[str, float]]:
        """A compiled measurement of the `variables` being trained; `layer_names` name the layer of each."""
        import tensorflow as tf

        remaining = {name: iter(values) for name, values in self._start.items()}
        starts = [tf.constant(next(remaining[layer])) for layer in layer_names]

        def squares() -> Any:
            pairs = zip(variables, starts, strict=True)
            return tf.stack([2.0 * tf.nn.l2_loss(now - then) for now, then in pairs])

        compiled = tf.function(squares, autograph=False)

        def measure() -> dict[str, float]:
            moved = norm_by_layer(layer_names, compiled().numpy())
            relative = {name: value / (self._norms[name] or 1.0) for name, value in moved.items()}
            return {**self.zeros(), **relative}

        return measure


def norm_by_layer(layer_names: list[str], squares: NDArray[Any]) -> dict[str, float]:
    """Norm of each layer from the squared norms of its tensors."""
    sums: dict[str, float] = {}
    for name, square in zip(layer_names, squares.tolist(), strict=True):
        sums[name] = sums.get(name, 0.0) + square
    return {name: float(np.sqrt(total)) for name, total in sums.items()}


def _weights(layer: Any) -> list[Any]:
    return [weight for weight in layer.weights if not weight.name.startswith("moving_")]


def _norm(values: list[NDArray[Any]]) -> float:
    return float(np.sqrt(sum(float(np.vdot(array, array)) for array in values)))
