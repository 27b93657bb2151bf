"""The engine with real worker processes."""

from __future__ import annotations

import os
import signal
import sys
import threading
import uuid
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.conftest import wait_until
from tests.engine import jobs
from tlcore.engine import Engine, JobView, registry
from tlcore.engine.dispatcher import STOP_TIMEOUT_S
from tlcore.engine.tasks.references import DatasetReference
from tlcore.engine.tasks.unfinished import interrupted_runs
from tlcore.errors import DatasetError, InvalidArgumentError, JobFailedError, QueueFullError, WorkerLostError
from tlcore.settings import get_settings
from tlcore.store import OwnerStore
from tlcore.training import TrainingSpec

Finish = Callable[..., JobView]


@pytest.fixture
def owner() -> str:
    return uuid.uuid4().hex


@pytest.fixture
def finish(engine: Engine, owner: str) -> Finish:
    """Waits for a job of the owner to finish."""

    def wait(job_id: str, timeout_s: float = 60) -> JobView:
        look = lambda: engine.job(job_id, owner)  # noqa: E731
        wait_until(lambda: look().finished, timeout_s, look)
        return look()

    return wait


def test_events_come_in_order_and_the_result_follows(engine: Engine, owner: str, finish: Finish) -> None:
    job = finish(engine.submit(owner, "count", {"to": 200}))
    assert job.state == "done"
    assert [event["number"] for event in job.events] == list(range(200))
    assert job.result["counted"] == 200


def test_tensorflow_is_in_the_worker_before_the_job_and_not_here(engine: Engine, owner: str, finish: Finish) -> None:
    job = finish(engine.submit(owner, "count"))
    assert job.result["tensorflow"]
    assert job.result["pid"] != os.getpid()


def test_interactive_work_has_its_own_worker(engine: Engine, owner: str, finish: Finish) -> None:
    training = engine.submit(owner, "wait_until_stopped", kind="training")
    busy = wait_until(lambda: [event["pid"] for event in engine.job(training, owner).events], 60)[0]
    quick = finish(engine.submit(owner, "count", kind="interactive"))
    assert quick.state == "done"
    assert psutil.Process(busy).nice() > psutil.Process(quick.result["pid"]).nice(), "training gives way"
    engine.cancel(training, owner)
    assert finish(training).state == "cancelled"


def test_cancel_stops_a_running_fit_within_a_second(engine: Engine, owner: str, finish: Finish) -> None:
    job_id = engine.submit(owner, "fit", {"epochs": 1_000_000})
    wait_until(lambda: len(engine.job(job_id, owner).events) > 3, 60)
    engine.cancel(job_id, owner)
    job = finish(job_id)
    assert job.state == "cancelled"
    assert job.result["epochs"] >= 3, "what was done until then is kept"


def test_a_job_that_stops_when_asked_keeps_its_worker(engine: Engine, owner: str, finish: Finish) -> None:
    pid = finish(engine.submit(owner, "take", {"seconds": 0})).result
    job_id = engine.submit(owner, "wait_until_stopped", {"tidy_s": STOP_TIMEOUT_S + 1})
    wait_until(lambda: engine.job(job_id, owner).events, 60)
    engine.cancel(job_id, owner)
    assert finish(job_id).result == "stopped when asked", "a test of what it has reached may take longer"
    assert finish(engine.submit(owner, "take", {"seconds": 0})).result == pid


def test_cancel_reaches_a_job_at_whatever_moment_of_its_start(engine: Engine, owner: str) -> None:
    """A job that began while it was being taken back ran on, and kept the worker from everybody."""
    starting = threading.Event()
    for milliseconds in (*range(25), *range(25), *range(25)):
        running, waiting = engine.submit(owner, "wait_until_stopped"), engine.submit(owner, "count")
        starting.wait(milliseconds / 1000)
        engine.cancel(waiting, owner)
        engine.cancel(running, owner)
        after = engine.submit(owner, "count")
        assert engine.wait(after, owner, lambda job: job.finished, 30).state == "done", (
            f"cancelled at {milliseconds} ms"
        )


def test_stuck_job_is_cancelled_with_the_worker_back(engine: Engine, owner: str, finish: Finish) -> None:
    job_id = engine.submit(owner, "never_answer")
    wait_until(lambda: engine.job(job_id, owner).events, 60)
    engine.cancel(job_id, owner)
    next_job = engine.submit(owner, "count")
    assert finish(job_id).state == "cancelled"
    assert finish(next_job).state == "done"


def test_killed_worker_gives_a_clear_error_and_the_next_job_runs(
    engine: Engine, owner: str, finish: Finish, session_home: Path
) -> None:
    counted = finish(engine.submit(owner, "count")).result
    pid, scratch = counted["pid"], Path(counted["scratch"])
    assert session_home in scratch.parents
    job_id = engine.submit(owner, "never_answer")
    wait_until(lambda: engine.job(job_id, owner).events, 60)
    waiting = engine.submit(owner, "count")
    os.kill(pid, signal.SIGKILL)
    job = finish(job_id)
    assert job.state == "failed"
    assert isinstance(job.error, WorkerLostError)
    assert "ended unexpectedly" in str(job.error)
    job = finish(waiting)
    assert job.state == "done"
    assert Path(job.result["scratch"]).is_dir()
    assert not scratch.exists(), "its temporary files went with it"


def test_a_run_whose_worker_was_killed_goes_on_from_its_last_state(engine: Engine, owner: str, finish: Finish) -> None:
    pid = finish(engine.submit(owner, "count")).result["pid"]
    asked = {
        "spec": TrainingSpec(base="VGG16Slim", weights="random", head=(4,), epochs=400),
        "data": DatasetReference(name="digits", num_images=60, image_size=(32, 32)),
    }
    job_id = engine.submit(owner, "train", {**asked, "go_on": False})

    def epochs_told() -> int:
        return sum(event["kind"] == "epoch" for event in engine.job(job_id, owner).events)

    wait_until(lambda: epochs_told() > 2, 120, lambda: engine.job(job_id, owner).error)
    os.kill(pid, signal.SIGKILL)
    assert isinstance(finish(job_id).error, WorkerLostError)
    (interrupted,) = interrupted_runs(OwnerStore(owner))
    assert interrupted.rows
    again = engine.submit(owner, "train", {**asked, "go_on": True, "from_run": interrupted.item_id})
    wait_until(lambda: any(event["kind"] == "epoch" for event in engine.job(again, owner).events), 120)
    begin, *others = engine.job(again, owner).events
    assert list(begin["rows"]) == list(interrupted.rows)
    assert next(event for event in others if event["kind"] == "epoch")["epoch"] == len(interrupted.rows) + 1
    engine.cancel(again, owner)
    assert finish(again).result.stopped
    assert interrupted_runs(OwnerStore(owner)) == []


def test_a_stopped_worker_is_replaced_and_its_job_told(engine: Engine, owner: str, finish: Finish) -> None:
    pid = finish(engine.submit(owner, "count")).result["pid"]
    job_id = engine.submit(owner, "wait_until_stopped")
    wait_until(lambda: 0 < engine.job(job_id, owner).silent_s < 1, 60)
    os.kill(pid, signal.SIGSTOP)
    assert isinstance(finish(job_id).error, WorkerLostError)
    idle = finish(engine.submit(owner, "count")).result["pid"]
    assert idle != pid
    os.kill(idle, signal.SIGSTOP)
    after = finish(engine.submit(owner, "count"))
    assert after.state == "done", "where it does nothing, nobody's job is lost to it"
    assert after.result["pid"] != idle


def test_sessions_do_not_see_each_others_jobs(engine: Engine, owner: str, finish: Finish) -> None:
    job_id = engine.submit(owner, "count")
    finish(job_id)
    with pytest.raises(InvalidArgumentError, match="job of this session"):
        engine.job(job_id, "somebody else")
    with pytest.raises(InvalidArgumentError, match="job of this session"):
        engine.cancel(job_id, "somebody else")
    assert engine.jobs("somebody else") == []
    assert [job.job_id for job in engine.jobs(owner)] == [job_id]


def test_one_job_of_a_session_runs_and_the_others_show_their_place(engine: Engine, owner: str, finish: Finish) -> None:
    waiting = [engine.submit(owner, "wait_until_stopped") for _ in range(3)]
    wait_until(lambda: engine.job(waiting[0], owner).state == "running", 60)
    assert [engine.job(job_id, owner).position for job_id in waiting] == [0, 1, 2]
    engine.cancel(waiting[1], owner)
    assert engine.job(waiting[1], owner).state == "cancelled"
    assert engine.job(waiting[2], owner).position == 1
    for job_id in (waiting[0], waiting[2]):
        wait_until(lambda job_id=job_id: engine.job(job_id, owner).state == "running", 60)
        engine.cancel(job_id, owner)
        assert finish(job_id).result == "stopped when asked"


def test_full_queue_refuses_with_a_sentence(engine: Engine, owner: str, finish: Finish) -> None:
    running = engine.submit(owner, "wait_until_stopped")
    wait_until(lambda: engine.job(running, owner).state == "running", 60)
    most = get_settings().max_queue
    others = [uuid.uuid4().hex for _ in range(most)]
    waiting = [engine.submit(other, "count") for other in others]
    with pytest.raises(QueueFullError, match=f"at most {most} waiting jobs"):
        engine.submit(owner, "count")
    for job_id, other in zip(waiting, others, strict=True):
        engine.cancel(job_id, other)
    engine.cancel(running, owner)
    finish(running)


def test_reloaded_page_reads_events_and_result_again(engine: Engine, owner: str, finish: Finish) -> None:
    first = finish(engine.submit(owner, "count"))
    again = engine.jobs(owner)[0]
    assert again.events == first.events
    assert again.result == first.result


def test_errors_of_the_library_arrive_as_they_are(engine: Engine, owner: str, finish: Finish) -> None:
    error = finish(engine.submit(owner, "refuse")).error
    assert isinstance(error, DatasetError)
    assert error.params == {"least": 8, "count": 3}


def test_other_errors_become_a_sentence_without_importing_tensorflow_here(
    engine: Engine, owner: str, finish: Finish
) -> None:
    loaded_before = "tensorflow" in sys.modules
    error = finish(engine.submit(owner, "break_down")).error
    assert isinstance(error, JobFailedError)
    assert "nobody expected" in str(error)
    assert "InternalError" not in str(error)
    assert ("tensorflow" in sys.modules) == loaded_before


def test_a_model_does_not_leave_the_worker(engine: Engine, owner: str, finish: Finish) -> None:
    job = finish(engine.submit(owner, "return_a_model"))
    assert job.state == "failed"
    assert "nobody expected" in str(job.error)


def test_only_registered_functions_run(engine: Engine, owner: str) -> None:
    with pytest.raises(InvalidArgumentError, match="Expected `task` to be one of"):
        engine.submit(owner, "os:system", {"command": "true"})


def test_who_asks_for_the_same_at_once_gets_what_is_computed_once(
    engine: Engine, owner: str, finish: Finish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_TASKS", dict(registry._TASKS))
    registry.register_task(jobs.take, kind="training", shared=True)
    running = engine.submit(owner, "wait_until_stopped")
    first = engine.submit(owner, "take", {"seconds": 0.01})
    other = uuid.uuid4().hex
    same = engine.submit(other, "take", {"seconds": 0.01})
    assert engine.job(same, other).shared
    engine.cancel(first, owner)
    engine.cancel(running, owner)
    wait_until(lambda: engine.job(same, other).finished, 60)
    assert engine.job(same, other).state == "done", "its place is taken by who still waits"
    assert engine.job(first, owner).state == "cancelled"


def test_a_question_that_takes_minutes_goes_to_the_other_worker(
    engine: Engine, owner: str, finish: Finish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_TASKS", dict(registry._TASKS))
    registry.register_task(jobs.take_minutes, kind="training", quick_first=True)
    running = engine.submit(owner, "wait_until_stopped")
    training = wait_until(lambda: [event["pid"] for event in engine.job(running, owner).events], 60)[0]
    quick = finish(engine.submit(owner, "take_minutes", {"minutes": False}))
    assert quick.result != training
    long = engine.submit(owner, "take_minutes", {"minutes": True})
    wait_until(lambda: engine.job(long, owner).kind == "training", 60)
    assert engine.job(long, owner).state == "queued"
    engine.cancel(running, owner)
    assert finish(long).result == training


def test_a_part_of_an_experiment_makes_way_for_a_job(engine: Engine, owner: str) -> None:
    part = engine.submit(owner, "wait_until_stopped", group="experiment")
    wait_until(lambda: engine.job(part, owner).state == "running", 60)
    somebody = uuid.uuid4().hex
    job = engine.submit(somebody, "count", kind="training")
    assert engine.wait(job, somebody, lambda view: view.finished, 60).result["counted"] == 5
    assert engine.job(part, owner).result == "stopped when asked"
