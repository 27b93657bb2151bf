"""Running parts of groups make way for what people ask for, but not for each other, and not when nearly done."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine import jobs
from tlcore.engine.job import Job
from tlcore.engine.job_queue import JobQueue
from tlcore.engine.waiting_line import MAKES_WAY_WITHIN_S, MAKING_WAY_S
from tlcore.settings import Settings

Add = Callable[..., Job]


@pytest.fixture
def queue(tmp_path: Path) -> JobQueue:
    return JobQueue(Settings(home=tmp_path, max_queue=6, jobs_per_owner=1))


@pytest.fixture
def add(queue: JobQueue) -> Add:
    def _add(owner: str, *, group: str = "", begun: bool = False) -> Job:
        job = Job(uuid.uuid4().hex, owner, "count", jobs.count, "training", {}, group=group)
        queue.add(job)
        if begun:
            assert queue.take_next() == [job]
            queue.record({"job_id": job.job_id, "began": "tcp://127.0.0.1:1"})
        return job

    return _add


def test_a_part_makes_way_once_for_a_job_of_anybody(queue: JobQueue, add: Add) -> None:
    part = add("a", group="experiment", begun=True)
    assert queue.to_make_way() == []
    own = add("a")
    assert queue.to_make_way() == [part]
    assert queue.view(own).estimate_s == MAKING_WAY_S
    assert queue.to_make_way() == []
    add("b")
    assert queue.to_make_way() == []  # one worker: one place is on its way already
    queue.finish(part, "done")
    assert queue.take_next() == [own]


def test_neither_jobs_nor_parts_make_way_for_the_parts_of_others(queue: JobQueue, add: Add) -> None:
    running = add("a", group="experiment", begun=True)
    add("b", group="experiment")
    assert queue.to_make_way() == []
    queue.finish(running, "done")


def test_what_people_asked_for_makes_way_for_nobody(queue: JobQueue, add: Add) -> None:
    add("a", begun=True)
    add("b")
    assert queue.to_make_way() == []


def test_a_part_that_has_run_for_long_is_let_finish(queue: JobQueue, add: Add) -> None:
    part = add("a", group="experiment", begun=True)
    assert part.started_s is not None
    part.started_s -= MAKES_WAY_WITHIN_S
    add("b")
    assert queue.to_make_way() == []


def test_of_two_parts_the_one_that_began_last_makes_way(queue: JobQueue, add: Add) -> None:
    queue.slots["training"] = 2
    first = add("a", group="experiment", begun=True)
    second = add("b", group="experiment", begun=True)
    assert first.started_s is not None
    first.started_s -= 5
    add("c")
    assert queue.to_make_way() == [second]


def test_time_that_a_part_ran_before_it_made_way_is_no_measurement(queue: JobQueue, add: Add) -> None:
    part = add("a", group="experiment", begun=True)
    own = add("b")
    queue.to_make_way()
    queue.finish(part, "done")
    assert queue.view(own).estimate_s == 0
    next_part = add("a", group="experiment")
    add("c")
    queue.take_next()
    assert queue.view(next_part).estimate_s is None


def test_what_may_be_brief_is_tried_beside_a_part_and_breaks_it_off_if_it_is_not(queue: JobQueue, add: Add) -> None:
    def train() -> Job:
        job = Job(uuid.uuid4().hex, "b", "train", jobs.count, "training", {}, brief=True)
        queue.add(job)
        return job

    alone = train()
    assert alone.kind == "training"
    assert queue.take_next() == [alone]
    assert train().kind == "training", "behind somebody's own job it waits"
    for job in queue.of_owner("b"):
        queue.finish(job, "done")
    part = add("a", group="experiment", begun=True)
    beside = train()
    assert queue.take_next() == [beside]
    assert queue.to_make_way() == []
    queue.to_long_line(beside)
    assert (beside.kind, queue.to_make_way()) == ("training", [part])


def test_with_one_worker_for_all_a_part_makes_way_at_once(tmp_path: Path) -> None:
    queue = JobQueue(Settings(home=tmp_path, low_memory=True))
    for job in (
        Job("part", "a", "count", jobs.count, "training", {}, group="experiment"),
        Job("head", "b", "train", jobs.count, "training", {}, brief=True),
    ):
        queue.add(job)
        queue.take_next()
    assert job.kind == "training"
