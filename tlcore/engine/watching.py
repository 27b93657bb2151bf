"""What the engine tells whoever watches the server: numbers, nothing of whose a job was or what was in it."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, get_args

from .failures import log_number
from .job import EngineStatus, Job, Kind, State
from .pulse import Workers

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class JobEnd:
    """That a job has ended.

    Attributes:
        task: Name of the task in the registry.
        kind: Which worker ran it.
        state: "done", "failed" or "cancelled".
        waited_s: From asking to beginning; None where it never began.
        ran_s: From beginning to end; None where it never began.
        shared: Whether it got the result of another job that asked the same.
    """

    task: str
    kind: Kind
    state: State
    waited_s: float | None
    ran_s: float | None
    shared: bool


@dataclass(frozen=True)
class RunningJob:
    """A job that runs: its task, and for how long, in seconds."""

    task: str
    kind: Kind
    seconds: float


@dataclass(frozen=True)
class WorkerReport:
    """A worker as its scheduler knows it.

    Attributes:
        kinds: Of the jobs that it takes.
        memory_bytes: That its process has.
        silent_s: Since it was last heard of.
    """

    kinds: tuple[str, ...]
    memory_bytes: int
    silent_s: float


@dataclass(frozen=True)
class EngineReport:
    """The engine at one moment.

    Attributes:
        status: As for pages.
        jobs: That run, the longest first.
        running, queued: How many, by kind.
        workers: Those that there are; empty where the scheduler does not answer.
    """

    status: EngineStatus
    jobs: tuple[RunningJob, ...]
    running: dict[str, int]
    queued: dict[str, int]
    workers: tuple[WorkerReport, ...]


class Watcher(Protocol):
    """Who wants to know; called on Dask's event loop or in the thread that asks, so it must not take long."""

    def job_ended(self, end: JobEnd) -> None:
        """A job has ended, however."""

    def features_read(self, hits: int, misses: int) -> None:
        """A job looked for features on disk so many times, and found them or did not."""


def end_of(job: Job) -> JobEnd:
    """What may be told of a job that has ended; also writes it to the log."""
    shared = job.leader is not None
    began = None if shared else job.started_s
    end = JobEnd(
        task=job.task,
        kind=job.kind,
        state=job.state,
        waited_s=None if began is None else max(0.0, began - job.submitted_s),
        ran_s=None if began is None or job.finished_s is None else max(0.0, job.finished_s - began),
        shared=shared,
    )
    facts = {"job": log_number(job.job_id), "task": end.task, "kind": end.kind, "end": end.state, "shared": shared}
    facts |= {} if end.waited_s is None else {"waited_s": round(end.waited_s, 3)}
    facts |= {} if end.ran_s is None else {"ran_s": round(end.ran_s, 3)}
    facts |= {} if job.error is None else {"error": type(job.error).__name__}
    logger.info("A job ended", extra={"facts": facts})
    return end


def report_of(status: EngineStatus, jobs: Sequence[Job], workers: Workers | None) -> EngineReport:
    """Puts together what is known.

    Args:
        status: Of the engine.
        jobs: All that are known.
        workers: As the scheduler tells of them; None where it does not answer.
    """
    own = [job for job in jobs if job.leader is None]
    now = time.time()
    running = [RunningJob(job.task, job.kind, now - (job.started_s or now)) for job in own if job.state == "running"]
    found = [_worker(facts, now) for facts in (workers or {}).values()]
    return EngineReport(
        status=status,
        jobs=tuple(sorted(running, key=lambda job: -job.seconds)),
        running=_by_kind(own, "running"),
        queued=_by_kind(own, "queued"),
        workers=tuple(sorted(found, key=lambda worker: worker.kinds)),
    )


def _by_kind(jobs: Sequence[Job], state: State) -> dict[str, int]:
    return {kind: sum((job.kind, job.state) == (kind, state) for job in jobs) for kind in get_args(Kind)}


def _worker(facts: dict[str, Any], now: float) -> WorkerReport:
    return WorkerReport(
        kinds=tuple(sorted(facts.get("resources") or ())),
        memory_bytes=int((facts.get("metrics") or {}).get("memory", 0)),  # none before its first heartbeat
        silent_s=max(0.0, now - float(facts.get("last_seen", now))),
    )
