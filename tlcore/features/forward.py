"""The fast forward pass: a compiled call of a network without `predict`'s overhead."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .graph import calls_of
from .inference_clone import clone_network

Precision = Literal["float32", "bfloat16"]
Progress = Callable[[int, int], None]
ShouldStop = Callable[[], bool]

#: Activations of one batch are kept near what the caches and memory of a laptop can take.
_BATCH_BYTES_PER_CORE = 256 * 1024**2
_LARGEST_BATCH = 64
#: Images that a measurement of speed runs at a time.
SAMPLE_IMAGES = 16


@dataclass(frozen=True)
class Plan:
    """How a forward pass is run: chosen by `tlcore.features.precision`.

    Attributes:
        precision: "float32" or "bfloat16" (float32 variables, products in half).
        xla: Compile with XLA.
    """

    precision: Precision = "float32"
    xla: bool = False


class StoppedError(Exception):
    """The person stopped the work; not an error of theirs, and never shown."""


class Forward:
    """A network compiled for inference.

    Batch normalisation is folded into the convolutions: the outputs are equal up to rounding (about 1e-6).

    Args:
        model: Functional `keras.Model` with one input; it is copied, never changed.
        plan: Precision and compiler.
        batch_size: Images a call; None chooses by cores and memory.
    """

    def __init__(self, model: Any, plan: Plan, batch_size: int | None = None) -> None:
        import tensorflow as tf

        self.plan = plan
        self.batch_size = batch_size or choose_batch_size(model)
        self.network = clone_network(model, bfloat16=plan.precision == "bfloat16", fold=True)
        shape = (self.batch_size if plan.xla else None, *model.input_shape[1:])
        self._call = tf.function(self._infer, jit_compile=plan.xla or None, input_signature=[tf.TensorSpec(shape)])

    def _infer(self, images: Any) -> list[Any]:
        outputs = self.network(images, training=False)
        return list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]

    def batch(self, images: NDArray[Any]) -> list[NDArray[Any]]:
        """Outputs for at most `batch_size` raw images: one array an output, in the network's precision."""
        count = len(images)
        if self.plan.xla and count < self.batch_size:  # compiled for one size
            images = np.concatenate([images, np.repeat(images[-1:], self.batch_size - count, axis=0)])
        return [output.numpy()[:count] for output in self._call(images.astype(np.float32, copy=False))]

    def run(
        self, images: NDArray[Any], *, progress: Progress | None = None, should_stop: ShouldStop | None = None
    ) -> list[NDArray[Any]]:
        """Outputs for all images, `(N, ...)` each.

        Raises:
            StoppedError: `should_stop` said so between two batches.
        """
        results: list[NDArray[Any]] = []
        for start in range(0, len(images), self.batch_size):
            if should_stop is not None and should_stop():
                raise StoppedError
            parts = self.batch(images[start : start + self.batch_size])
            if not results:
                results = [np.empty((len(images), *part.shape[1:]), part.dtype) for part in parts]
            for result, part in zip(results, parts, strict=True):
                result[start : start + len(part)] = part
            if progress is not None:
                progress(min(start + self.batch_size, len(images)), len(images))
        return results


def images_per_second(forward: Forward, images: NDArray[Any], repeats: int = 2) -> float:
    """Measured speed on one batch, the best of `repeats` after a warm-up."""
    sample = images[: min(forward.batch_size, SAMPLE_IMAGES)]
    forward.batch(sample)
    best_s = min(_seconds(forward, sample) for _ in range(repeats))
    return len(sample) / best_s


def _seconds(forward: Forward, sample: NDArray[Any]) -> float:
    start_s = time.perf_counter()
    forward.batch(sample)
    return time.perf_counter() - start_s


def choose_batch_size(model: Any) -> int:
    """Images a call such that the largest activations fit: a multiple of 8, at most 64."""
    largest = max(sum(_bytes(tensor) for tensor in (*call.inputs, *call.outputs)) for call in calls_of(model))
    fitting = (os.cpu_count() or 1) * _BATCH_BYTES_PER_CORE // max(largest, 1)
    return int(min(max(fitting // 8 * 8, 8), _LARGEST_BATCH))


def _bytes(tensor: Any) -> int:
    return 4 * int(np.prod([size or 1 for size in tensor.shape[1:]]))
