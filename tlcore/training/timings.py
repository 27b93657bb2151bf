"""How long the phases of a run take."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class PhaseTimings:
    """Seconds by phase, what happened before an interruption included."""

    def __init__(self) -> None:
        self._ended: dict[str, float] = {}
        self._current: tuple[str, float] | None = None

    @contextmanager
    def measure(self, phase: str) -> Iterator[None]:
        """Adds what happens in the `with` block to a phase; blocks do not nest."""
        self._current = phase, time.perf_counter()
        try:
            yield
        finally:
            self._ended = self.seconds()
            self._current = None

    def seconds(self) -> dict[str, float]:
        """Phase -> seconds so far, of what is going on at the moment, too."""
        if self._current is None:
            return dict(self._ended)
        phase, start_s = self._current
        return {**self._ended, phase: self._ended.get(phase, 0.0) + time.perf_counter() - start_s}

    def add_earlier(self, seconds: dict[str, float]) -> None:
        """Adds what a checkpoint says about the time before it."""
        ended = self._ended
        self._ended = {phase: seconds.get(phase, 0.0) + ended.get(phase, 0.0) for phase in [*seconds, *ended]}
