"""When the cluster itself is lost, is somebody else's, or is not there."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from scripts.processes import scheduler_of
from tests.conftest import wait_until
from tlcore.engine import Engine, JobView, dispatcher
from tlcore.engine.job import Kind
from tlcore.errors import EngineError, InvalidArgumentError, WorkerLostError
from tlcore.settings import Settings
from tlcore.store import OwnerStore, expiry

PATHS = {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}


@pytest.fixture
def owner() -> str:
    return uuid.uuid4().hex


def scheduler_process() -> psutil.Process:
    """The process of the scheduler that the session's engine is connected to."""
    return scheduler_of(psutil.Process())[0]


def scheduler_address() -> str:
    """Where it listens."""
    return f"tcp://127.0.0.1:{scheduler_of(psutil.Process())[1]}"


def test_existing_cluster_runs_the_same_jobs(engine: Engine, owner: str, session_home: Path) -> None:
    other = Engine(Settings(home=session_home, scheduler=scheduler_address()))
    try:
        job_id = other.submit(owner, "count", {"to": 20})
        wait_until(lambda: other.job(job_id, owner).finished, 60, lambda: other.job(job_id, owner))
        job = other.job(job_id, owner)
        assert job.state == "done"
        assert [event["number"] for event in job.events] == list(range(20))
        assert engine.jobs(owner) == []
    finally:
        other.close()
    assert other.status().state == "stopped"


@pytest.mark.parametrize("shared", ["TLCORE_HOME", "TLCORE_STORE"])
def test_workers_without_what_the_app_shares_are_refused_by_their_address(
    engine: Engine, owner: str, tmp_path: Path, shared: str
) -> None:
    store = (tmp_path / "not theirs").as_uri() if shared == "TLCORE_STORE" else ""
    other = Engine(Settings(home=tmp_path / "not theirs", scheduler=scheduler_address(), store=store))
    try:
        for _ in range(2):  # the next job asks again
            job_id = other.submit(owner, "count")
            wait_until(lambda job_id=job_id: other.job(job_id, owner).finished, 60, other.status)
            error = other.job(job_id, owner).error
            assert isinstance(error, EngineError)
            assert shared in str(error)
            assert "tcp://127.0.0.1" in str(error)
            assert other.status().state == "failed"
    finally:
        other.close()
    assert [*(tmp_path / "not theirs").glob("engine/*")] == []


def test_workers_that_join_do_more_at_once_if_they_have_what_the_app_has(
    engine: Engine, owner: str, session_home: Path, tmp_path: Path
) -> None:
    other = Engine(Settings(home=session_home, scheduler=scheduler_address()))
    try:
        ids = [(other.submit(person, "wait_until_stopped"), person) for person in (owner, uuid.uuid4().hex)]
        with one_more_worker(tmp_path / "elsewhere") as without:
            refused = wait_until(lambda: other.status().error, 60, other.status)
            assert "TLCORE_HOME" in str(refused)
            assert other.status().state == "ready", "the others do what there is to do"
            with one_more_worker(session_home) as joined:
                try:
                    wait_until(lambda: all(other.job(*job).events for job in ids), 60, other.status)
                    pids = {other.job(*job).events[0]["pid"] for job in ids}
                    assert joined.pid in pids
                    assert without.pid not in pids
                finally:
                    for job in ids:
                        other.cancel(*job)
                    wait_until(lambda: all(other.job(*job).finished for job in ids), 60)
    finally:
        other.close()


@contextmanager
def one_more_worker(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "distributed.cli.dask_worker", scheduler_address(), "--no-nanny", "--no-dashboard"]
    options = ["--nthreads", "1", "--resources", "training=1", "--name", f"one more, {home.name}"]
    environment = os.environ | PATHS | {"TLCORE_HOME": str(home)}
    with subprocess.Popen([*command, *options], stderr=subprocess.DEVNULL, env=environment) as worker:
        try:
            yield worker
        finally:
            worker.terminate()


def test_what_expires_is_deleted_while_nobody_does_anything(
    engine: Engine, owner: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "TIDY_EVERY_S", 0.05)
    monkeypatch.setattr(expiry, "INTERVAL_S", 0.0)
    settings = Settings(home=tmp_path, scheduler=scheduler_address(), expiry_s=0.01)
    idle = Engine(settings)
    store = OwnerStore(owner, settings)
    try:
        job_id = idle.submit(owner, "count")
        store.add("uploads", b"a photo", name="photos.zip")
        wait_until(lambda: not idle.jobs(owner), 60, lambda: idle.jobs(owner))
        with pytest.raises(InvalidArgumentError, match="too old"):
            idle.job(job_id, owner)
        wait_until(lambda: not list(tmp_path.glob("owners/*/uploads/*/content")), 60)
    finally:
        idle.close()


def test_unreachable_cluster_gives_a_sentence(owner: str, tmp_path: Path) -> None:
    lost = Engine(Settings(home=tmp_path, scheduler="tcp://127.0.0.1:9", connect_timeout_s=0.5))
    try:
        job_id = lost.submit(owner, "count")
        wait_until(lambda: lost.job(job_id, owner).finished, 60)
        assert isinstance(lost.job(job_id, owner).error, EngineError)
        assert "does not answer" in str(lost.status().error)
    finally:
        lost.close()


def test_a_lost_scheduler_is_followed_by_another_with_workers_whatever_state_they_were_in(
    engine: Engine, owner: str
) -> None:
    def begun(task: str, kind: Kind) -> str:
        job_id = engine.submit(owner, task, kind=kind)
        wait_until(lambda: engine.job(job_id, owner).events, 60, lambda: engine.job(job_id, owner))
        return job_id

    def done(kind: Kind) -> JobView:
        job_id = engine.submit(owner, "count", kind=kind)
        wait_until(lambda: engine.job(job_id, owner).finished, 120, engine.status)
        return engine.job(job_id, owner)

    stopped, busy = (psutil.Process(done(kind).result["pid"]) for kind in ("training", "interactive"))
    running = [begun("wait_until_stopped", "training"), begun("never_answer", "interactive")]
    waiting = engine.submit(owner, "count")
    before = scheduler_process()
    stopped.suspend()
    before.suspend()
    wait_until(lambda: all(engine.job(job_id, owner).finished for job_id in running), 60)
    assert [type(engine.job(job_id, owner).error) for job_id in running] == [WorkerLostError] * 2, "said, not lost"
    wait_until(lambda: engine.job(waiting, owner).finished, 120, engine.status)
    after = [engine.job(waiting, owner), done("interactive")]
    assert [job.state for job in after] == ["done", "done"]
    assert len(after[0].events) == 5, "the next scheduler tells what workers tell"
    assert not stopped.is_running()
    assert not busy.is_running()
    assert scheduler_process().pid != before.pid
