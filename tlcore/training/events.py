"""Lets people watch a run: events as plain dicts, few enough to cost nearly nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

OnEvent = Callable[[dict[str, Any]], None]

#: At most this many batch events a second: the eye sees no more, and each gradient norm costs a pass over memory.
_EVENTS_PER_S = 10.0
_PROGRESS_PER_S = 10.0


class RunEvents:
    """Sends the events of one run and knows when the person wants it to stop.

    Args:
        on_event: Called with each event: {"kind": ..., "time_s": seconds since the run began, ...}; may be None.
        should_stop: Asked before each batch; may be None.
        measures_layers: Measure drift and gradient norms of each layer in each epoch.
        out_of_time: Whether `should_stop` says so because the run has taken as long as it may; may be None.
    """

    def __init__(
        self,
        on_event: OnEvent | None,
        should_stop: Callable[[], bool] | None,
        *,
        measures_layers: bool = True,
        out_of_time: Callable[[], bool] | None = None,
    ) -> None:
        self.measures_layers = measures_layers
        self.out_of_time = out_of_time or (lambda: False)
        self.should_stop = should_stop or (lambda: False)
        self.notes: list[tuple[str, dict[str, Any]]] = []
        self._on_event = on_event
        self._start_s = time.perf_counter()
        self._last_batch_s = self._last_progress_s = -1.0

    def emit(self, kind: str, **facts: Any) -> None:
        """Tells who listens, with the seconds since the run began."""
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
