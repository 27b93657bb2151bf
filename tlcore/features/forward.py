"""The forward pass of a network that does not change: one interface, whatever runtime computes it.

`tlcore.features.choice` takes the runtime that is fastest on this machine; each is a module of its own.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Precision = Literal["float32", "bfloat16"]
Runtime = Literal["tensorflow", "litert"]
Progress = Callable[[int, int], None]
ShouldStop = Callable[[], bool]

#: Seconds that one timed run of a sample should take at least; a short one is the clock's noise.
_TIMED_S = 0.15


@dataclass(frozen=True)
class Plan:
    """How a forward pass is run.

    Attributes:
        precision: "float32", or "bfloat16" (float32 variables, products in half).
        runtime: "tensorflow" (a compiled call of the network), or "litert" (XNNPACK; float32 only).
    """

    precision: Precision = "float32"
    runtime: Runtime = "tensorflow"

    @property
    def name(self) -> str:
        """As people read it, for example "litert float32"."""
        return f"{self.runtime} {self.precision}"


class StoppedError(Exception):
    """The person stopped the work; not an error of theirs, and never shown."""


class ForwardRuntime(ABC):
    """A network made ready to run over many images.

    In float32 every runtime gives the outputs of Keras's `predict` up to rounding: a relative difference below 1e-5,
    `||ours - theirs|| / ||theirs||`. Weights are those of the moment when it was made.

    Attributes:
        plan: Runtime and precision.
        batch_size: Most images of one call.
    """

    plan: Plan
    batch_size: int

    @abstractmethod
    def batch(self, images: NDArray[Any]) -> list[NDArray[Any]]:
        """Outputs for at most `batch_size` raw images: one array an output, in the plan's precision."""

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


def images_per_second(run: Callable[[NDArray[Any]], Any], images: NDArray[Any]) -> float:
    """Measured speed of `run`: on four images where they take long, on more where they don't.

    Args:
        run: Computes something for each image; called before, so that nothing is left to be compiled. Fewer than four
            would wrong LiteRT, which computes four at a time.
        images: The sample; not all of it need be used.
    """
    count, best, is_last = min(4, len(images)), 0.0, False
    while True:
        start_s = time.perf_counter()
        run(images[:count])
        seconds = time.perf_counter() - start_s
        best = max(best, count / seconds)
        if is_last or seconds > _TIMED_S:
            return best
        is_last = count == len(images)
        count = min(4 * count, len(images))
