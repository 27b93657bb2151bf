"""The list of jobs, without any worker: who is next, who sees what, what is remembered."""

from __future__ import annotations

import time
import uuid
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.engine import jobs
from tlcore.engine import JobContext
from tlcore.engine.job import Job
from tlcore.engine.job_queue import KEPT_FINISHED, JobQueue
from tlcore.engine.preload import thread_count
from tlcore.engine.worker import check_plain
from tlcore.errors import InvalidArgumentError, JobFailedError, QueueFullError
from tlcore.settings import Settings

SLOTS = {"interactive": 1, "training": 1}


@pytest.fixture
def queue(tmp_path: Path) -> JobQueue:
    return JobQueue(Settings(home=tmp_path, max_queue=6))


def add(queue: JobQueue, owner: str, kind: Any = "training") -> Job:
    number = len(queue.of_owner(owner))
    job = Job(f"{owner}-{kind}-{number}", owner, "count", jobs.count, kind, {})
    queue.add(job)
    return job


def begin(queue: JobQueue, job: Job) -> None:
    queue.take_next(SLOTS)
    queue.record({"job_id": job.job_id, "began": "tcp://127.0.0.1:1"})


def test_jobs_go_in_order_one_a_worker(queue: JobQueue) -> None:
    first, second, other_kind = add(queue, "a"), add(queue, "b"), add(queue, "a", "interactive")
    assert queue.take_next(SLOTS) == [first, other_kind]
    assert queue.take_next(SLOTS) == []
    queue.finish(first, "done")
    assert queue.take_next(SLOTS) == [second]


def test_an_owner_has_one_running_job_of_a_kind_however_many_workers_there_are(queue: JobQueue) -> None:
    first, _second, of_another = add(queue, "a"), add(queue, "a"), add(queue, "b")
    assert queue.take_next({"interactive": 9, "training": 9}) == [first, of_another]


def test_what_ended_long_ago_is_forgotten_and_what_runs_is_not(queue: JobQueue) -> None:
    old, fresh, running = add(queue, "a"), add(queue, "b"), add(queue, "a", "interactive")
    queue.finish(old, "done", result="a photo")
    queue.finish(fresh, "done")
    begin(queue, running)
    old.finished_s = time.time() - Settings().expiry_s - 1
    running.submitted_s = running.started_s = old.finished_s
    queue.forget_expired()
    assert queue.of_owner("a") == [running]
    assert queue.of_owner("b") == [fresh]


def test_place_and_estimate(queue: JobQueue) -> None:
    running, waiting, last = add(queue, "a"), add(queue, "b"), add(queue, "c")
    begin(queue, running)
    assert [queue.view(job).position for job in (running, waiting, last)] == [0, 1, 2]
    assert queue.view(last).estimate_s is None, "nothing is known of this task yet"
    queue.finish(running, "done")
    begin(queue, waiting)
    assert queue.view(last).position == 1
    assert queue.view(last).estimate_s is not None


def test_queue_is_bounded_for_all_and_for_one(queue: JobQueue) -> None:
    for _ in range(3):
        add(queue, "a")
    with pytest.raises(QueueFullError, match="3 jobs of this session"):
        add(queue, "a")
    for owner in "bcd":
        add(queue, owner)
    with pytest.raises(QueueFullError, match="at most 6"):
        add(queue, "e")


def test_cancel_before_a_worker_has_it_needs_no_worker(queue: JobQueue) -> None:
    job = add(queue, "a")
    assert not queue.request_cancel(job)
    assert queue.view(job).state == "cancelled"


def test_cancel_of_a_running_job_asks_its_worker_once(queue: JobQueue) -> None:
    job = add(queue, "a")
    begin(queue, job)
    assert queue.request_cancel(job)
    assert queue.view(job).stopping
    assert not queue.request_cancel(job)


def test_first_word_on_how_a_job_ended_counts(queue: JobQueue) -> None:
    job = add(queue, "a")
    queue.finish(job, "cancelled")
    queue.finish(job, "failed", error=JobFailedError("late"))
    queue.record({"job_id": job.job_id, "event": {"kind": "note"}})
    assert (queue.view(job).state, queue.view(job).error, queue.view(job).events) == ("cancelled", None, ())


def test_jobs_of_others_look_like_jobs_that_do_not_exist(queue: JobQueue) -> None:
    job = add(queue, "a")
    with pytest.raises(InvalidArgumentError) as of_another:
        queue.get(job.job_id, "b")
    with pytest.raises(InvalidArgumentError) as of_nobody:
        queue.get("nothing", "b")
    assert of_another.value.template == of_nobody.value.template


def test_old_jobs_are_forgotten(queue: JobQueue) -> None:
    for _ in range(KEPT_FINISHED + 5):
        job = Job(uuid.uuid4().hex, "a", "count", jobs.count, "training", {})
        queue.add(job)
        queue.finish(job, "done")
    assert len(queue.of_owner("a")) <= KEPT_FINISHED + 1


def test_many_small_questions_do_not_push_the_last_training_out(queue: JobQueue) -> None:
    trained = add(queue, "a")
    queue.finish(trained, "done")
    for _ in range(KEPT_FINISHED + 5):
        question = Job(uuid.uuid4().hex, "a", "ask", jobs.count, "interactive", {})
        queue.add(question)
        queue.finish(question, "done")
    assert trained in queue.of_owner("a")
    assert len(queue.of_owner("a")) <= KEPT_FINISHED + 2


def test_lost_cluster_fails_what_it_had_and_keeps_what_waits(queue: JobQueue) -> None:
    running, handed_over, given_up, waiting = (add(queue, owner) for owner in "abcd")
    begin(queue, running)
    handed_over.dispatched = given_up.dispatched = given_up.cancel_requested = True
    queue.lose_workers(JobFailedError("lost"))
    assert [job.state for job in (running, handed_over, given_up, waiting)] == [
        "failed",
        "queued",
        "cancelled",
        "queued",
    ]
    assert not handed_over.dispatched, "another worker will have it"


def test_events_are_plain_and_not_too_many() -> None:
    sent: list[dict[str, Any]] = []
    context = JobContext("job", "owner", sent.append, lambda: False)
    for done in range(1001):
        context.emit({"kind": "progress", "phase": "x", "done": done, "total": 1000})
    context.emit({"kind": "epoch", "loss": np.float32(0.5), "shape": (1, np.int64(2)), "path": Path("a")})
    assert len(sent) < 200
    assert sent[-2]["done"] == 1000, "the last one is never left out"
    assert sent[-1] == {"kind": "epoch", "loss": 0.5, "shape": [1, 2], "path": "a"}


def test_only_plain_results_leave_a_worker() -> None:
    check_plain({"a": [1, 2.0, "x", b"y", None, np.zeros(3)], "b": (True,)})
    with pytest.raises(TypeError, match="plain data"):
        check_plain({"deep": [object()]})


def test_training_gets_all_cores_and_interactive_work_half() -> None:
    assert thread_count({"training": 1}, 8) == 8
    assert thread_count({"interactive": 1, "training": 1}, 8) == 8
    assert thread_count({"interactive": 1}, 8) == 4
    assert thread_count({"interactive": 1}, 1) == 1
