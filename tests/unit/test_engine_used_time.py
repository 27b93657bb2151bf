"""Whose jobs have taken as much of the workers' time as they may."""

from __future__ import annotations

import pytest

from tests.unit.queued_jobs import add, begin
from tlcore.engine.job_queue import JobQueue
from tlcore.errors import QueueFullError
from tlcore.settings import Settings


def used(queue: JobQueue, owner: str, seconds: float) -> None:
    """A job of an owner that has taken so long and has just ended."""
    job = add(queue, owner)
    begin(queue, job)
    assert job.started_s is not None
    job.started_s -= seconds
    queue.finish(job, "done")


def test_a_session_that_had_its_time_waits_and_others_do_not() -> None:
    queue = JobQueue(Settings(owner_job_s=600))
    used(queue, "ana", 500)
    used(queue, "ana", 200)
    with pytest.raises(QueueFullError) as told:
        add(queue, "ana")
    assert told.value.params == {"used": 12, "most": 10, "wait": 60}
    add(queue, "bia")
    add(queue, "ana", "interactive")  # an answer that a page waits for


def test_what_runs_counts_with_what_it_has_taken() -> None:
    queue = JobQueue(Settings(owner_job_s=600))
    job = add(queue, "ana")
    begin(queue, job)
    assert job.started_s is not None
    job.started_s -= 700
    with pytest.raises(QueueFullError, match="took 12 minutes"):
        add(queue, "ana")


def test_time_comes_back_after_an_hour() -> None:
    queue = JobQueue(Settings(owner_job_s=600))
    used(queue, "ana", 700)
    entry = queue._used_time._ended.popleft()
    queue._used_time._ended.append((entry[0] - 3700, *entry[1:]))
    add(queue, "ana")


def test_all_of_a_server_have_a_limit_too() -> None:
    queue = JobQueue(Settings(server_job_s=600))
    used(queue, "ana", 700)
    with pytest.raises(QueueFullError, match="All jobs of this lab"):
        add(queue, "bia")
