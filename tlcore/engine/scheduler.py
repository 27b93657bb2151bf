"""What a scheduler does before the first job (a Dask preload): it keeps no account of jobs that are over."""

from __future__ import annotations

from typing import Any

from distributed.spans import SpansSchedulerExtension


class NoSpans(SpansSchedulerExtension):  # type: ignore[misc] # Dask is untyped
    """Stands where Dask would keep what it measured of each job, which nobody reads, as long as the scheduler runs."""

    def observe_tasks(self, *_tasks: Any, **_facts: Any) -> dict[Any, dict[Any, Any]]:
        """New tasks belong to no span."""
        return {}

    def heartbeat(self, _worker: Any, _measured: Any) -> None:
        """What a worker measured for spans is let go."""


def dask_setup(scheduler: Any) -> None:
    """Called by Dask when the scheduler starts, where it was told `--preload tlcore.engine.scheduler`."""
    scheduler.extensions["spans"] = NoSpans(scheduler)
