"""How good the trained network is on images that it never saw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tlcore.features.running import run_network

if TYPE_CHECKING:
    from .run_in_progress import RunInProgress


#: A network that was just trained is run once: to convert it, or to measure how, takes longer than fewer images do.
_MANY_IMAGES = 512


def test_metrics(running: RunInProgress) -> dict[str, Any]:
    """Metrics of `tlcore.inference.metrics.evaluate` on the test images, computed in float32 above the cut."""
    from tlcore.inference.metrics import evaluate

    with running.timings.measure("evaluation"):
        return evaluate(probabilities(running), running.data.test.labels, tuple(running.data.class_names))


def probabilities(running: RunInProgress) -> NDArray[np.float32]:
    """`float32 (N, 1)` for two classes, else `(N, num_classes)`."""
    import tensorflow as tf

    last = running.inputs[max(running.inputs)] if running.inputs else None
    if last is None or last.per_batch_prefix is not None:
        network, arrays = running.network.model, [running.data.test.images]
    else:
        network, arrays = last.cut.suffix, last.arrays["test"]
    if len(arrays) == 1 and len(arrays[0]) >= _MANY_IMAGES:
        return np.asarray(run_network(network, arrays[0])[0], np.float32)
    signature = [tf.TensorSpec((None, *array.shape[1:])) for array in arrays]

    def infer(*inputs: Any) -> Any:
        return network(inputs[0] if len(inputs) == 1 else list(inputs), training=False)

    compiled = tf.function(infer, input_signature=signature, autograph=False)
    parts = []
    for start in range(0, len(arrays[0]), 32):
        batch = [tf.cast(array[start : start + 32], tf.float32) for array in arrays]
        parts.append(compiled(*batch).numpy())
    return np.concatenate(parts).astype(np.float32)
