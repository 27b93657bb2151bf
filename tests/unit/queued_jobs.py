"""Jobs for the tests of the queue: queued, begun, served."""

from __future__ import annotations

import uuid
from typing import Any

from tests.engine import jobs
from tlcore.engine.job import Job
from tlcore.engine.job_queue import JobQueue


def add(queue: JobQueue, owner: str, kind: Any = "training", *, tag: str = "", group: str = "") -> Job:
    job = Job(f"{owner}-{kind}-{group}-{uuid.uuid4().hex}", owner, "count", jobs.count, kind, {}, tag, group)
    queue.add(job)
    return job


def begin(queue: JobQueue, job: Job) -> None:
    queue.take_next()
    queue.record({"job_id": job.job_id, "began": "tcp://127.0.0.1:1"})


def served(queue: JobQueue) -> list[str]:
    """Owners in the order in which a single worker serves them, until nobody waits."""
    owners = []
    while chosen := queue.take_next():
        for job in chosen:
            owners.append(job.owner)
            queue.finish(job, "done")
    return owners


def ask(queue: JobQueue, owner: str, question: str = "the same") -> Job:
    job = Job(uuid.uuid4().hex, owner, "extract_features", jobs.count, "training", {}, question=question)
    queue.add(job)
    return job
