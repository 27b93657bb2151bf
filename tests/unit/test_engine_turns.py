"""Who is served when: turns, places, limits, and what people are told of their turn."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.unit.queued_jobs import add, begin, served
from tlcore.engine.job import Occupation
from tlcore.engine.job_queue import MOST_WAITING_PER_OWNER, JobQueue
from tlcore.engine.progress import remaining_s, share_done
from tlcore.errors import QueueFullError
from tlcore.settings import Settings


@pytest.fixture
def queue(tmp_path: Path) -> JobQueue:
    return JobQueue(Settings(home=tmp_path, max_queue=6, jobs_per_owner=2))


def test_jobs_go_in_order_one_a_worker(queue: JobQueue) -> None:
    first, second, other_kind = add(queue, "a"), add(queue, "b"), add(queue, "a", "interactive")
    assert queue.take_next() == [other_kind, first]
    assert queue.take_next() == []
    queue.finish(first, "done")
    assert queue.take_next() == [second]


def test_people_take_turns_however_many_jobs_each_has(queue: JobQueue) -> None:
    for owner in "aaabbc":
        add(queue, owner)
    assert served(queue) == ["a", "b", "c", "a", "b", "a"]


def test_a_newcomer_goes_before_the_second_job_of_somebody_who_is_being_served(queue: JobQueue) -> None:
    running, second = add(queue, "a"), add(queue, "a")
    begin(queue, running)
    newcomer = add(queue, "b")
    assert [queue.view(job).position for job in (newcomer, second)] == [1, 2]
    queue.finish(running, "done")
    late = add(queue, "c")
    assert [queue.view(job).position for job in (newcomer, late, second)] == [1, 2, 3], "who waits is not overtaken"
    assert served(queue) == ["b", "c", "a"]


def test_who_has_had_many_turns_alone_begins_as_an_equal_once_the_line_was_empty(queue: JobQueue) -> None:
    for _ in range(3):
        add(queue, "a")
        served(queue)
    add(queue, "a")
    add(queue, "b")
    assert served(queue) == ["a", "b"]


def test_positions_are_the_order_of_service(queue: JobQueue) -> None:
    waiting = [add(queue, owner) for owner in "aabbc"] + [add(queue, "c", group="g")]
    expected = sorted(waiting, key=lambda job: queue.view(job).position)
    assert [job.owner for job in expected] == served(queue)


def test_a_session_has_a_limit_of_running_jobs_however_many_workers_there_are(queue: JobQueue) -> None:
    own = [add(queue, "a") for _ in range(3)]
    of_another = add(queue, "b")
    queue.slots = {"interactive": 9, "training": 9}
    assert queue.take_next() == [own[0], of_another, own[1]], "two at once, as the settings say"
    queue.finish(own[0], "done")
    assert queue.take_next() == [own[2]]


def test_strangers_on_one_machine_get_two_workers_each_at_most(tmp_path: Path) -> None:
    hosted = JobQueue(Settings(home=tmp_path, hosted=True))
    hosted.slots = {"interactive": 9, "training": 9}
    for _ in range(3):
        add(hosted, "a")
    assert len(hosted.take_next()) == 2


def test_a_class_may_wait_and_nobody_has_more_than_a_few_jobs_in_it(tmp_path: Path) -> None:
    queue = JobQueue(Settings(home=tmp_path))
    for number in range(60):
        add(queue, f"person {number % 30}")
    for _ in range(MOST_WAITING_PER_OWNER):
        add(queue, "a")
    with pytest.raises(QueueFullError, match="8 jobs of this session"):
        add(queue, "a")


def test_small_jobs_of_a_group_wait_for_everybodys_own(queue: JobQueue) -> None:
    cells = [add(queue, "a", group="experiment") for _ in range(20)]
    begin(queue, cells[0])
    own, of_another = add(queue, "a"), add(queue, "b")
    assert [queue.view(job).position for job in (own, of_another, cells[1])] == [1, 2, 3]
    add(queue, "b", group="experiment")
    queue.finish(cells[0], "done")
    assert served(queue)[:6] == ["a", "b", "b", "a", "a", "a"], "and people take turns with their groups too"


def test_small_jobs_take_all_workers_that_nobody_else_wants(queue: JobQueue) -> None:
    queue.slots = {"training": 6, "interactive": 1}
    parts = [add(queue, "a", group="experiment") for _ in range(8)]
    assert queue.take_next() == parts[:6], "three times as many as one person may have running"
    asked_for = add(queue, "a")
    assert queue.take_next() == []
    queue.finish(parts[0], "done")
    assert queue.take_next() == [asked_for], "their own small jobs do not keep a person from what they ask for"


def test_a_group_takes_the_room_of_one_job(queue: JobQueue) -> None:
    for _ in range(20):
        add(queue, "a", group="experiment")
    add(queue, "a")
    add(queue, "a", group="another")
    with pytest.raises(QueueFullError, match="3 jobs of this session"):
        add(queue, "a")
    add(queue, "a", group="experiment")


def test_place_and_estimate(queue: JobQueue) -> None:
    running, waiting, last = add(queue, "a"), add(queue, "b"), add(queue, "c")
    begin(queue, running)
    assert [queue.view(job).position for job in (running, waiting, last)] == [0, 1, 2]
    assert queue.view(last).estimate_s is None, "nothing is known of this task yet"
    queue.finish(running, "done")
    begin(queue, waiting)
    assert queue.view(last).position == 1
    assert queue.view(last).estimate_s == pytest.approx(0, abs=1), "the one that is known took no time"


def test_the_estimate_counts_the_workers_and_what_they_have_done(queue: JobQueue) -> None:
    for _ in range(3):
        known = add(queue, "a")
        begin(queue, known)
        known.started_s = time.time() - 100
        queue.finish(known, "done")
    queue.slots["training"] = 2
    running = [add(queue, owner) for owner in "ab"]
    for job, elapsed_s in zip(running, (90, 40), strict=True):
        begin(queue, job)
        job.started_s = time.time() - elapsed_s
    waiting = [add(queue, owner) for owner in "cdef"]
    estimates = [queue.view(job).estimate_s for job in waiting]
    assert estimates == pytest.approx([10, 60, 110, 160], abs=1), "the worker that is free first takes the next one"


def test_without_a_worker_nothing_is_estimated(queue: JobQueue) -> None:
    """While the only worker of a kind starts again, its job has ended and there is no slot."""
    known, waiting = add(queue, "a"), add(queue, "b")
    begin(queue, known)
    queue.finish(known, "done")
    queue.slots["training"] = 0
    assert queue.view(waiting).position == 1
    assert queue.view(waiting).estimate_s is None


def test_queue_is_bounded_for_all_and_for_one(queue: JobQueue) -> None:
    for _ in range(3):
        add(queue, "a")
    with pytest.raises(QueueFullError, match="3 jobs of this session"):
        add(queue, "a")
    for owner in "bcd":
        add(queue, owner)
    with pytest.raises(QueueFullError, match="at most 6"):
        add(queue, "e")


def test_the_queue_says_who_is_before_and_what_is_done_meanwhile(queue: JobQueue) -> None:
    cell, own, waiting = add(queue, "a", group="experiment"), add(queue, "b"), add(queue, "c")
    queue.slots["training"] = 2
    begin(queue, cell)
    assert queue.view(waiting).meanwhile == (Occupation("count", own=False, part=True),)
    queue.slots["training"] = 1
    assert queue.view(waiting).people_before == 2
    assert queue.view(own).people_before == 1


def test_the_guess_of_the_wait_follows_what_a_run_tells() -> None:
    spec = {"epochs": 6, "fine_tuning_epochs": 4, "method": "fine_tuning"}
    begun = {"kind": "begin", "spec": spec, "rows": [{}, {}]}
    assert share_done([begun, {"kind": "progress", "done": 9, "total": 9}]) is None
    assert share_done([begun, {"kind": "epoch", "epoch": 4}, {"kind": "batch"}]) == 0.25, "of the eight that were left"
    assert share_done([{"kind": "progress", "done": 3, "total": 4}]) == 0.75
    assert share_done([{"kind": "progress", "done": 4, "total": 4}]) is None, "what follows is not known"
    assert share_done([{"kind": "progress", "done": 3, "total": 4}, {"kind": "epoch", "epoch": 1}]) is None
    assert remaining_s(30.0, 0.25, [1.0]) == 90.0
    assert remaining_s(30.0, None, [1.0, 40.0, 60.0, 70.0]) == 30.0, "of those that took longer than this one already"
    assert remaining_s(90.0, None, [1.0, 40.0]) is None, "never said to end at once again and again"
