"""The engine in numbers, as Prometheus reads them: jobs, queue, waits, cache, memory."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from .settings import get_settings

if TYPE_CHECKING:
    from .engine import Engine
    from .engine.watching import JobEnd

_WAITS_S = (0.05, 0.2, 1, 3, 10, 30, 100, 300)
_RUNS_S = (0.05, 0.2, 1, 3, 10, 30, 100, 300, 1000)


class Metrics(Collector):
    """Counts what an engine does from now on, and reads the rest of it when it is asked.

    Args:
        engine: That is watched.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._registry = CollectorRegistry()
        self._jobs = Counter("tlcore_jobs", "Jobs that have ended.", ["kind", "end"], registry=self._registry)
        self._waits = Histogram(
            "tlcore_job_wait_seconds", "From asking to beginning.", ["kind"], buckets=_WAITS_S, registry=self._registry
        )
        self._runs = Histogram(
            "tlcore_job_run_seconds", "From beginning to end.", ["kind"], buckets=_RUNS_S, registry=self._registry
        )
        self._shared = Counter("tlcore_jobs_shared", "Answered with another job's result.", registry=self._registry)
        self._cache = Counter(
            "tlcore_features_cache", "Features that were looked for on disk.", ["result"], registry=self._registry
        )
        ProcessCollector(registry=self._registry)  # memory, descriptors and processor time of this process
        self._registry.register(self)
        engine.watch(self)

    def job_ended(self, end: JobEnd) -> None:
        """Counts it."""
        self._jobs.labels(end.kind, end.state).inc()
        if end.shared:
            self._shared.inc()
        if end.waited_s is not None:
            self._waits.labels(end.kind).observe(end.waited_s)
        if end.ran_s is not None:
            self._runs.labels(end.kind).observe(end.ran_s)

    def features_read(self, hits: int, misses: int) -> None:
        """Counts them."""
        self._cache.labels("hit").inc(hits)
        self._cache.labels("miss").inc(misses)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """What is now; called by the registry."""
        report = self._engine.report()
        ready = report.status.state == "ready"
        yield GaugeMetricFamily("tlcore_engine_ready", "Whether jobs are taken to workers.", int(ready))
        yield _by("tlcore_jobs_running", "Jobs that run.", "kind", report.running)
        yield _by("tlcore_jobs_queued", "Jobs that wait.", "kind", report.queued)
        memory = {str(number): float(worker.memory_bytes) for number, worker in enumerate(report.workers, start=1)}
        yield _by("tlcore_worker_memory_bytes", "Memory of each worker.", "worker", memory)
        yield GaugeMetricFamily("tlcore_workers", "Workers that there are.", len(report.workers))
        with suppress(OSError):  # the home is not there yet, or its disk is gone
            usage = shutil.disk_usage(get_settings().home)
            yield GaugeMetricFamily("tlcore_home_free_bytes", "Room on the disk of the home.", usage.free)

    def text(self) -> bytes:
        """All of it in Prometheus's format."""
        return generate_latest(self._registry)


def _by(name: str, words: str, label: str, values: dict[str, float] | dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family
