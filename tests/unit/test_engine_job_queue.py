"""The list of jobs, without any worker: who is next, who sees what, what is remembered."""

from __future__ import annotations

import threading
import time
import uuid
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.engine import jobs
from tlcore.engine import JobContext
from tlcore.engine.job import Job, Occupation
from tlcore.engine.job_queue import KEPT_FINISHED, MOST_WAITING_PER_OWNER, JobQueue
from tlcore.engine.preload import thread_count
from tlcore.engine.progress import remaining_s, share_done
from tlcore.engine.questions import question_of
from tlcore.engine.registry import find_task
from tlcore.engine.tasks.references import DatasetReference, FeatureSubject
from tlcore.engine.worker import check_plain
from tlcore.errors import InvalidArgumentError, JobFailedError, QueueFullError, WorkerLostError
from tlcore.settings import Settings


@pytest.fixture
def queue(tmp_path: Path) -> JobQueue:
    return JobQueue(Settings(home=tmp_path, max_queue=6, jobs_per_owner=2))


def add(queue: JobQueue, owner: str, kind: Any = "training", *, tag: str = "", group: str = "") -> Job:
    job = Job(f"{owner}-{kind}-{group}-{uuid.uuid4().hex}", owner, "count", jobs.count, kind, {}, tag, group)
    queue.add(job)
    return job


def begin(queue: JobQueue, job: Job) -> None:
    queue.take_next()
    queue.record({"job_id": job.job_id, "began": "tcp://127.0.0.1:1"})


def test_jobs_go_in_order_one_a_worker(queue: JobQueue) -> None:
    first, second, other_kind = add(queue, "a"), add(queue, "b"), add(queue, "a", "interactive")
    assert queue.take_next() == [other_kind, first]
    assert queue.take_next() == []
    queue.finish(first, "done")
    assert queue.take_next() == [second]


def served(queue: JobQueue) -> list[str]:
    """Owners in the order in which a single worker serves them, until nobody waits."""
    owners = []
    while chosen := queue.take_next():
        for job in chosen:
            owners.append(job.owner)
            queue.finish(job, "done")
    return owners


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


def test_who_waits_for_a_job_hears_of_it_at_once_and_of_none_in_time(queue: JobQueue) -> None:
    job, told = add(queue, "a"), []
    begin(queue, job)
    listener = threading.Thread(target=lambda: told.append(queue.wait(job, lambda view: bool(view.events), 60)))
    listener.start()
    queue.record({"job_id": job.job_id, "event": {"kind": "epoch"}})
    listener.join(30)
    assert told[0].events == ({"kind": "epoch"},)
    assert queue.wait(job, lambda view: view.finished, 0.01).state == "running"


def test_small_jobs_of_a_group_wait_for_everybodys_own(queue: JobQueue) -> None:
    cells = [add(queue, "a", group="experiment") for _ in range(20)]
    begin(queue, cells[0])
    own, of_another = add(queue, "a"), add(queue, "b")
    assert [queue.view(job).position for job in (own, of_another, cells[1])] == [1, 2, 3]
    add(queue, "b", group="experiment")
    queue.finish(cells[0], "done")
    assert served(queue)[:6] == ["a", "b", "b", "a", "a", "a"], "and people take turns with their groups too"


def test_a_group_takes_the_room_of_one_job(queue: JobQueue) -> None:
    for _ in range(20):
        add(queue, "a", group="experiment")
    add(queue, "a")
    add(queue, "a", group="another")
    with pytest.raises(QueueFullError, match="3 jobs of this session"):
        add(queue, "a")
    add(queue, "a", group="experiment")


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
    queue.forget("a", "datasets.job")
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


def ask(queue: JobQueue, owner: str, question: str = "the same") -> Job:
    job = Job(uuid.uuid4().hex, owner, "extract_features", jobs.count, "training", {}, question=question)
    queue.add(job)
    return job


def test_who_asks_for_the_same_waits_for_it_with_its_progress_and_takes_no_place(queue: JobQueue) -> None:
    first, other, same, as_well = ask(queue, "a"), add(queue, "b"), ask(queue, "c"), ask(queue, "d")
    assert [queue.view(job).position for job in (first, other, same)] == [1, 2, 1]
    begin(queue, first)
    queue.record({"job_id": first.job_id, "event": {"kind": "progress", "done": 3, "total": 4}})
    seen = queue.view(same)
    assert (seen.state, seen.shared, seen.events[-1]["done"]) == ("running", True, 3)
    assert queue.counts() == (1, 1)
    queue.finish(first, "done", result="features")
    assert [(job.state, job.result) for job in (same, as_well)] == [("done", "features")] * 2
    assert queue.take_next() == [other], "nothing is left to compute for the others"


def test_what_somebody_cancels_goes_on_for_those_who_wait_for_it(queue: JobQueue) -> None:
    first, same = ask(queue, "a"), ask(queue, "b")
    begin(queue, first)
    assert queue.request_cancel(first) is None
    assert (queue.view(first).state, queue.view(same).state) == ("cancelled", "running")
    assert queue.request_cancel(same) is first, "nobody is left who waits for it"


def test_who_waits_for_the_same_stands_in_the_line_once_the_first_has_left_it(queue: JobQueue) -> None:
    first, other, same = ask(queue, "a"), add(queue, "b"), ask(queue, "c")
    queue.request_cancel(first)
    assert [queue.view(job).position for job in (other, same)] == [1, 2]
    assert served(queue) == ["b", "c"]


def test_a_lost_worker_costs_only_who_asked_first(queue: JobQueue) -> None:
    first, same, as_well = ask(queue, "a"), ask(queue, "b"), ask(queue, "c")
    begin(queue, first)
    queue.lose_workers(WorkerLostError("lost"))
    assert [job.state for job in (first, same)] == ["failed", "queued"]
    assert queue.take_next() == [same]
    queue.finish(same, "failed", error=JobFailedError("bad images"))
    assert as_well.error is same.error, "the same images are as bad for everybody"


def test_only_what_depends_on_nothing_of_a_session_is_shared_between_sessions() -> None:
    ready, own = DatasetReference(name="digits"), DatasetReference(item="0" * 32)
    extract, predict = find_task("extract_features"), find_task("predict")
    asked = {"base": "VGG16Slim", "weights": "random", "data": ready}
    question = question_of(extract, "a", asked)
    assert question is not None
    assert question == question_of(extract, "b", asked)
    assert question_of(extract, "a", asked) != question_of(extract, "a", asked | {"weights": "embedded"})
    survey = find_task("survey_features")
    subject = {"subject": FeatureSubject(base="VGG16Slim", weights=None, data=own)}
    assert question_of(survey, "a", subject) == question_of(survey, "a", subject)
    assert question_of(survey, "a", subject) != question_of(survey, "b", subject)
    assert question_of(predict, "a", {}) is None


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
