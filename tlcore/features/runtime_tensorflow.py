"""TensorFlow as a runtime of the forward pass: a compiled call without `predict`'s overhead."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .forward import ForwardRuntime, Plan, Precision
from .graph import calls_of
from .inference_clone import clone_network

#: Activations of one batch are kept near what the caches and memory of a laptop can take.
_BATCH_BYTES_PER_CORE = 256 * 1024**2
_LARGEST_BATCH = 64


class TensorFlowForward(ForwardRuntime):
    """A network compiled by TensorFlow for inference.

    Batch normalisation is folded into the convolutions: the outputs are equal up to rounding (about 1e-6).

    Args:
        model: Functional `keras.Model` with one input; it is copied, never changed.
        precision: "float32" or "bfloat16".
        batch_size: Images a call; None chooses by cores and memory.
    """

    def __init__(self, model: Any, precision: Precision = "float32", batch_size: int | None = None) -> None:
        import tensorflow as tf

        self.plan = Plan(precision)
        self.batch_size = batch_size or choose_batch_size(model)
        self.network = clone_network(model, bfloat16=precision == "bfloat16", fold=True)
        images = tf.TensorSpec((None, *model.input_shape[1:]))
        self._call = tf.function(self._infer, input_signature=[images], autograph=False)

    def _infer(self, images: Any) -> list[Any]:
        outputs = self.network(images, training=False)
        return list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]

    def batch(self, images: NDArray[Any]) -> list[NDArray[Any]]:
        """Runs one batch; see `Forward.batch`."""
        return [output.numpy() for output in self._call(images.astype(np.float32, copy=False))]


def choose_batch_size(model: Any) -> int:
    """Images a call such that the largest activations fit: a multiple of 8, at most 64."""
    largest = max(sum(_bytes(tensor) for tensor in (*call.inputs, *call.outputs)) for call in calls_of(model))
    fitting = (os.cpu_count() or 1) * _BATCH_BYTES_PER_CORE // max(largest, 1)
    return int(min(max(fitting // 8 * 8, 8), _LARGEST_BATCH))


def thread_count() -> int:
    """Threads that TensorFlow may use for one operation in this process."""
    import tensorflow as tf

    return tf.config.threading.get_intra_op_parallelism_threads() or os.cpu_count() or 1


def _bytes(tensor: Any) -> int:
    return 4 * int(np.prod([size or 1 for size in tensor.shape[1:]]))
