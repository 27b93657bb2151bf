"""The list of jobs, without any worker: who is next, who sees what, what is remembered."""

from __future__ import annotations

import os
import pickle
import threading
import time
import uuid
from pathlib import Path

import numpy as np
import pytest

from tests.engine import jobs
from tests.unit.queued_jobs import add, begin
from tlcore.engine import ended_jobs
from tlcore.engine.ended_jobs import KEPT_FINISHED, UNSEEN_S
from tlcore.engine.job import Job
from tlcore.engine.job_queue import MAX_ATTEMPTS, JobQueue
from tlcore.errors import InvalidArgumentError, JobFailedError
from tlcore.settings import Settings


@pytest.fixture
def queue(tmp_path: Path) -> JobQueue:
    return JobQueue(Settings(home=tmp_path, max_queue=6, jobs_per_owner=2))


def test_who_waits_for_a_job_hears_of_it_at_once_and_of_none_in_time(queue: JobQueue) -> None:
    job, told = add(queue, "a"), []
    begin(queue, job)
    listener = threading.Thread(target=lambda: told.append(queue.wait(job, lambda view: bool(view.events), 60)))
    listener.start()
    queue.record({"job_id": job.job_id, "event": {"kind": "epoch"}})
    listener.join(30)
    assert told[0].events == ({"kind": "epoch"},)
    assert queue.wait(job, lambda view: view.finished, 0.01).state == "running"


def test_what_ended_long_ago_is_forgotten_and_what_runs_is_not(queue: JobQueue) -> None:
    old, fresh, running = add(queue, "a"), add(queue, "b"), add(queue, "a", "interactive")
    queue.finish(old, "done", result="a photo")
    queue.finish(fresh, "done")
    begin(queue, running)
    old.finished_s = time.time() - Settings().expiry_s - 1
    running.submitted_s = running.started_s = old.finished_s
    queue.ended.forget_expired()
    assert queue.of_owner("a") == [running]
    assert queue.of_owner("b") == [fresh]


def test_what_nobody_looks_at_takes_little_memory_and_is_whole_again_for_who_comes_back(queue: JobQueue) -> None:
    photos = {"images": [os.urandom(50_000)], "rows": np.arange(3)}
    those = [add(queue, owner) for owner in "abcd"]
    for job in those:
        queue.finish(job, "done", result=pickle.loads(pickle.dumps(photos)))
    one = add(queue, "e")
    begin(queue, one)
    for number in range(200):
        queue.record(
            {"job_id": one.job_id, "event": {"kind": "epoch", "drift": dict.fromkeys("xyz", 0.0), "n": number}}
        )
    before = queue.view(one)
    queue.finish(one, "done")
    queue.ended.pack_unseen()
    assert not queue.ended.packed_bytes, "they may be on somebody's page"

    for job in (*those, one):
        age(queue, job)
    queue.ended.pack_unseen()
    assert queue.ended.packed_bytes < 60_000, "of equal photos one copy"
    assert all(job.result is None and not job.events for job in (*those, one))
    assert queue.view(one).events == before.events
    assert queue.view(those[2]).result["images"] == photos["images"]
    queue.ended.pack_unseen()
    assert those[2].result is not None, "somebody looks at it now"


def test_of_what_is_packed_the_oldest_goes_when_it_is_too_much(
    queue: JobQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ended_jobs, "MOST_PACKED_BYTES", 250_000)
    those = [add(queue, owner) for owner in "abc"]
    for number, job in enumerate(those):
        queue.finish(job, "done", result=os.urandom(100_000))
        age(queue, job, number)
    queue.ended.pack_unseen()
    assert [queue.of_owner(owner) for owner in "abc"] == [[those[0]], [those[1]], []]
    assert queue.view(those[0]).result is not None


def age(queue: JobQueue, job: Job, more_s: float = 0.0) -> None:
    """Makes it long ago that a job ended and that somebody looked at it."""
    job.finished_s = time.time() - UNSEEN_S - 1 - more_s
    queue.ended._seen_s.pop(job.job_id, None)


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


def test_many_questions_of_one_page_do_not_push_another_pages_out(queue: JobQueue) -> None:
    shown = add(queue, "a", tag="datasets.job")
    queue.finish(shown, "done")
    for _ in range(KEPT_FINISHED + 5):
        queue.finish(add(queue, "a", tag="explorer.job"), "done")
    for _ in range(KEPT_FINISHED + 5):
        queue.finish(add(queue, "a", group="experiment"), "done")
    assert shown in queue.of_owner("a")


def test_what_came_of_a_tag_is_forgotten_on_request_and_what_runs_goes_on(queue: JobQueue) -> None:
    ended, of_another_page = add(queue, "a", tag="datasets.job"), add(queue, "a", tag="explorer.job")
    of_another = add(queue, "b", tag="datasets.job")
    for job in (ended, of_another_page, of_another):
        queue.finish(job, "done", result="photos")
    running = add(queue, "a", tag="datasets.job")
    queue.ended.forget("a", "datasets.job")
    assert queue.of_owner("a") == [running, of_another_page]
    assert queue.of_owner("b") == [of_another]


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
    for _ in range(MAX_ATTEMPTS):
        assert handed_over.state == "queued"
        queue.finish(waiting, "done")
        queue.take_next()
        queue.lose_workers(JobFailedError("lost"))
    assert handed_over.state == "failed", "none will"


def test_what_is_mostly_quick_is_tried_beside_a_long_job_and_waits_its_turn_if_it_is_not(queue: JobQueue) -> None:
    def extract(owner: str) -> Job:
        job = Job(uuid.uuid4().hex, owner, "extract_features", jobs.count, "training", {}, quick_first=True)
        queue.add(job)
        return job

    first = extract("a")
    assert first.kind == "training", "a free worker takes it, however long"
    begin(queue, first)
    beside, waiting = extract("b"), add(queue, "c")
    assert queue.take_next() == [beside]
    queue.record({"job_id": beside.job_id, "began": "tcp://127.0.0.1:2"})
    queue.to_long_line(beside)
    assert (queue.view(beside).state, beside.kind) == ("queued", "training")
    assert [queue.view(job).position for job in (beside, waiting)] == [1, 2], "it had asked before"
    queue.request_cancel(beside)
    assert beside.state == "cancelled"
