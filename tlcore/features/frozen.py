"""A network that does not change: it is run once for each set of images, and its outputs are kept."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray

from .cache import CachedOutputs, Computation, entry_key, images_digest, is_kept, load_entry, store_entry
from .choice import Choice, choose_forward
from .forward import Progress, ShouldStop
from .graph import structure_hash, weights_digest
from .once import my_turn


class FrozenNetwork:
    """A network whose outputs are looked up before they are computed; compiled once, when that is first needed.

    Args:
        model: Functional `keras.Model` with one input; its weights must not change while this object is used.
        precision: "float32", "bfloat16" or "auto".
        runtime: "tensorflow", "litert" or "auto"; None for what `TLCORE_RUNTIME` says.
    """

    def __init__(self, model: Any, precision: str, runtime: str | None = None) -> None:
        self.model = model
        self.precision = precision
        self.runtime = runtime
        self._identity: str | None = None
        self._compiled: Choice | None = None

    @property
    def identity(self) -> str:
        """Hash of structure and weights."""
        if self._identity is None:
            self._identity = f"{structure_hash(self.model)}-{weights_digest(self.model)}"
        return self._identity

    def compiled(self, images: NDArray[Any]) -> Choice:
        """The fastest forward pass for `images`, and what is known about its speed."""
        if self._compiled is None:
            self._compiled = choose_forward(self.model, images, precision=self.precision, runtime=self.runtime)
        return self._compiled

    def is_known(self, images: NDArray[Any]) -> bool:
        """Whether the outputs for `images` are on disk, so that the network need not be run."""
        identity = self._identity_with(images)
        return any(is_kept(entry_key(identity, name)) for name in self._precisions)

    @property
    def _precisions(self) -> tuple[str, ...]:
        return ("bfloat16", "float32") if self.precision == "auto" else (self.precision,)

    def _identity_with(self, images: NDArray[Any]) -> str:
        return f"{self.identity}-{images_digest(images)}"

    def outputs(
        self,
        images: NDArray[Any],
        *,
        source: Source | None = None,
        progress: Progress | None = None,
        should_stop: ShouldStop | None = None,
    ) -> CachedOutputs:
        """Outputs for `images`, from disk if they are there, else computed and kept.

        Args:
            images: Raw images, `(N, H, W, 3)`.
            source: Gives another way to the same numbers, for example from features below that are known already.
            progress: Called after each batch with (images done, images in all).
            should_stop: Asked before each batch; nothing is kept of work that was stopped.

        Raises:
            StoppedError: `should_stop` said so.
        """
        identity = self._identity_with(images)
        found = self._find(identity)
        if found is not None:
            return found
        with my_turn(entry_key(identity, self.precision), progress=progress, should_stop=should_stop) as turn:
            found = self._find(identity) if turn.waited else None
            if found is not None:
                return found
            runner, given, below_s = source() if source is not None else (self, images, 0.0)
            return runner._run(identity, given, below_s, progress=turn.progress, should_stop=should_stop)

    def _find(self, identity: str) -> CachedOutputs | None:
        entries = (load_entry(entry_key(identity, name)) for name in self._precisions)
        return next((entry for entry in entries if entry is not None), None)

    def _run(
        self,
        identity: str,
        given: NDArray[Any],
        below_s: float,
        *,
        progress: Progress | None,
        should_stop: ShouldStop | None,
    ) -> CachedOutputs:
        """Runs the network and keeps its outputs.

        Args:
            identity: Of the outputs, which may be those of a larger network that ends with this one.
            given: Inputs.
            below_s: Seconds an image that these cost.
            progress, should_stop: As for `outputs`.
        """
        choice = self.compiled(given)
        plan = choice.forward.plan
        start_s = time.perf_counter()
        arrays = choice.forward.run(given, progress=progress, should_stop=should_stop)
        seconds = time.perf_counter() - start_s
        computation = Computation(
            precision=plan.precision,
            seconds_per_image=below_s + seconds / len(given),
            parity=choice.speeds.parity if plan.precision == "bfloat16" else None,
            runtime=plan.runtime,
            times_predict=choice.times_predict,
        )
        return store_entry(entry_key(identity, plan.precision), arrays, computation)


#: A network and inputs for it that give the same outputs as running the images through all of the network, and the
#: seconds an image that these inputs cost.
Source = Callable[[], tuple[FrozenNetwork, NDArray[Any], float]]
