"""LiteRT as a runtime of the forward pass: XNNPACK's kernels, in float32, fast on processors without bfloat16 too."""

from __future__ import annotations

import threading
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .forward import ForwardRuntime, Plan
from .litert_files import converted_network
from .runtime_tensorflow import thread_count

#: Images a call: with few, the activations stay in the processor's caches, and the last, partial call wastes little.
_BATCH_SIZE = 4


class LiteRTForward(ForwardRuntime):
    """A network run by LiteRT, with as many threads as TensorFlow has in this process.

    Args:
        model: Functional `keras.Model` with one input; it is converted, never changed.
        batch_size: Images a call; None for what suits the runtime.

    Raises:
        ConversionError: LiteRT cannot express the network.

    Source: https://ai.google.dev/edge/litert (the runtime); https://github.com/google/XNNPACK (its kernels).
    """

    def __init__(self, model: Any, batch_size: int | None = None) -> None:
        from ai_edge_litert.interpreter import Interpreter

        self.plan = Plan(runtime="litert")
        self.batch_size = batch_size or _BATCH_SIZE
        network = converted_network(model)
        source = {"model_path": str(network)} if isinstance(network, Path) else {"model_content": network}
        self._interpreter = Interpreter(**source, num_threads=thread_count())
        self._lock = threading.Lock()  # an interpreter holds one set of activations
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._outputs = [output["index"] for output in self._interpreter.get_output_details()]
        self._interpreter.resize_tensor_input(self._input, (self.batch_size, *model.input_shape[1:]))
        self._interpreter.allocate_tensors()

    def batch(self, images: NDArray[Any]) -> list[NDArray[Any]]:
        """Runs one batch; see `Forward.batch`."""
        count = len(images)
        if count < self.batch_size:  # another size would have all weights packed anew
            images = np.concatenate([images, np.repeat(images[-1:], self.batch_size - count, axis=0)])
        with self._lock:
            self._interpreter.set_tensor(self._input, images.astype(np.float32, copy=False))
            self._interpreter.invoke()
            return [self._interpreter.get_tensor(index)[:count] for index in self._outputs]


def is_installed() -> bool:
    """Whether this platform has LiteRT: there are wheels for Linux, macOS on ARM and Windows."""
    return find_spec("ai_edge_litert") is not None
