"""The list of jobs, without any worker: who is next, who sees what, what is remembered."""

from __future__ import annotations

import time
import uuid
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tlcore.engine import JobContext
from tlcore.engine.job import Job
from tlcore.engine.ledger import KEPT_FINISHED, Ledger
from tlcore.engine.preload import thread_count
from tlcore.engine.worker import check_plain
from tlcore.errors import InvalidArgumentError, JobFailedError, QueueFullError
from tlcore.settings import Settings

SLOTS = {"interactive": 1, "training": 1}


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(Settings(home=tmp_path, max_queue=6))


def add(ledger: Ledger, owner: str, kind: Any = "training") -> Job:
    number = len(ledger.of_owner(owner))
    job = Job(f"{owner}-{kind}-{number}", owner, "count", "tests.engine.jobs:count", kind, {})
    ledger.add(job)
    return job


def begin(ledger: Ledger, job: Job) -> None:
    ledger.take_next(SLOTS)
    ledger.record({"job_id": job.job_id, "began": "tcp://127.0.0.1:1"})


def test_jobs_go_in_order_one_a_worker(ledger: Ledger) -> None:
    first, second, other_kind = add(ledger, "a"), add(ledger, "b"), add(ledger, "a", "interactive")
    assert ledger.take_next(SLOTS) == [first, other_kind]
    assert ledger.take_next(SLOTS) == []
    ledger.finish(first, "done")
    assert ledger.take_next(SLOTS) == [second]


def test_an_owner_has_one_running_job_of_a_kind_however_many_workers_there_are(ledger: Ledger) -> None:
    first, _second, of_another = add(ledger, "a"), add(ledger, "a"), add(ledger, "b")
    assert ledger.take_next({"interactive": 9, "training": 9}) == [first, of_another]


def test_what_ended_long_ago_is_forgotten_and_what_runs_is_not(ledger: Ledger) -> None:
    old, fresh, running = add(ledger, "a"), add(ledger, "b"), add(ledger, "a", "interactive")
    ledger.finish(old, "done", result="a photo")
    ledger.finish(fresh, "done")
    begin(ledger, running)
    old.finished_s = time.time() - Settings().expiry_s - 1
    running.submitted_s = running.started_s = old.finished_s
    ledger.forget_expired()
    assert ledger.of_owner("a") == [running]
    assert ledger.of_owner("b") == [fresh]


def test_place_and_estimate(ledger: Ledger) -> None:
    running, waiting, last = add(ledger, "a"), add(ledger, "b"), add(ledger, "c")
    begin(ledger, running)
    assert [ledger.view(job).position for job in (running, waiting, last)] == [0, 1, 2]
    assert ledger.view(last).estimate_s is None, "nothing is known of this task yet"
    ledger.finish(running, "done")
    begin(ledger, waiting)
    assert ledger.view(last).position == 1
    assert ledger.view(last).estimate_s is not None


def test_queue_is_bounded_for_all_and_for_one(ledger: Ledger) -> None:
    for _ in range(3):
        add(ledger, "a")
    with pytest.raises(QueueFullError, match="3 jobs of this session"):
        add(ledger, "a")
    for owner in "bcd":
        add(ledger, owner)
    with pytest.raises(QueueFullError, match="at most 6"):
        add(ledger, "e")


def test_cancel_before_a_worker_has_it_needs_no_worker(ledger: Ledger) -> None:
    job = add(ledger, "a")
    assert not ledger.request_cancel(job)
    assert ledger.view(job).state == "cancelled"


def test_cancel_of_a_running_job_asks_its_worker_once(ledger: Ledger) -> None:
    job = add(ledger, "a")
    begin(ledger, job)
    assert ledger.request_cancel(job)
    assert ledger.view(job).stopping
    assert not ledger.request_cancel(job)


def test_first_word_on_how_a_job_ended_counts(ledger: Ledger) -> None:
    job = add(ledger, "a")
    ledger.finish(job, "cancelled")
    ledger.finish(job, "failed", error=JobFailedError("late"))
    ledger.record({"job_id": job.job_id, "event": {"kind": "note"}})
    assert (ledger.view(job).state, ledger.view(job).error, ledger.view(job).events) == ("cancelled", None, ())


def test_jobs_of_others_look_like_jobs_that_do_not_exist(ledger: Ledger) -> None:
    job = add(ledger, "a")
    with pytest.raises(InvalidArgumentError) as of_another:
        ledger.get(job.job_id, "b")
    with pytest.raises(InvalidArgumentError) as of_nobody:
        ledger.get("nothing", "b")
    assert of_another.value.template == of_nobody.value.template


def test_old_jobs_are_forgotten(ledger: Ledger) -> None:
    for _ in range(KEPT_FINISHED + 5):
        job = Job(uuid.uuid4().hex, "a", "count", "x:count", "training", {})
        ledger.add(job)
        ledger.finish(job, "done")
    assert len(ledger.of_owner("a")) <= KEPT_FINISHED + 1


def test_many_small_questions_do_not_push_the_last_training_out(ledger: Ledger) -> None:
    trained = add(ledger, "a")
    ledger.finish(trained, "done")
    for _ in range(KEPT_FINISHED + 5):
        question = Job(uuid.uuid4().hex, "a", "ask", "x:ask", "interactive", {})
        ledger.add(question)
        ledger.finish(question, "done")
    assert trained in ledger.of_owner("a")
    assert len(ledger.of_owner("a")) <= KEPT_FINISHED + 2


def test_lost_cluster_fails_what_it_had_and_keeps_what_waits(ledger: Ledger) -> None:
    running, handed_over, given_up, waiting = (add(ledger, owner) for owner in "abcd")
    begin(ledger, running)
    handed_over.dispatched = given_up.dispatched = given_up.cancel_requested = True
    ledger.lose_workers(JobFailedError("lost"))
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
