"""Who asks for what is being computed already waits for that."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.queued_jobs import add, ask, begin, served
from tlcore.engine.job_queue import JobQueue
from tlcore.engine.questions import question_of
from tlcore.engine.registry import find_task
from tlcore.engine.tasks.references import DatasetReference, FeatureSubject
from tlcore.errors import JobFailedError, WorkerLostError
from tlcore.settings import Settings


@pytest.fixture
def queue(tmp_path: Path) -> JobQueue:
    return JobQueue(Settings(home=tmp_path, max_queue=6, jobs_per_owner=2))


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
