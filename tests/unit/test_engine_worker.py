"""What leaves a worker, how many threads it has, and where its temporary files go."""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import sys
import tempfile
import weakref
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tlcore.engine import JobContext, dispatcher
from tlcore.engine.in_worker import check_plain, release_memory
from tlcore.engine.job_queue import JobQueue
from tlcore.engine.preload import thread_count
from tlcore.engine.pulse import Pulse
from tlcore.engine.scratch import Scratch
from tlcore.settings import Settings

PATHS = {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}


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


def test_circles_that_a_large_job_leaves_are_let_go() -> None:
    gc.collect()
    weights = np.zeros(1)
    circle: dict[str, Any] = {"weights": weights}
    circle["itself"] = circle
    gone = weakref.ref(weights)
    del weights, circle
    release_memory()
    assert gone() is not None, "little was made since: not worth looking"
    made: list[Any] = [[] for _ in range(12_000)]
    release_memory()
    assert gone() is None
    made.clear()


def test_training_gets_all_cores_and_interactive_work_half() -> None:
    assert thread_count({"training": 1}, 8) == 8
    assert thread_count({"interactive": 1, "training": 1}, 8) == 8
    assert thread_count({"interactive": 1}, 8) == 4
    assert thread_count({"interactive": 1}, 1) == 1


def test_a_silent_scheduler_is_given_up_also_where_nothing_has_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatcher, "LOOK_EVERY_S", 0.0)
    given_up = asyncio.Event()
    gone = SimpleNamespace(scheduler=None, status="running")
    connection = SimpleNamespace(client=gone, num_workers=1, give_up=given_up.set)
    watching = dispatcher.Dispatcher(connection, JobQueue(Settings()), "topic", Settings())  # type: ignore[arg-type]

    async def look(futures: dict[str, Any]) -> bool:
        watching._futures = futures
        task = asyncio.ensure_future(watching._listen_to_pulse())
        await asyncio.sleep(0.05)
        task.cancel()
        return given_up.is_set()

    assert not asyncio.run(look({})), "nobody waits for it"
    assert asyncio.run(look({"a job that was given out": None}))


def test_a_cluster_whose_app_ends_while_it_starts_ends_without_a_word(isolated_home: Path) -> None:
    command = [sys.executable, "-m", "tlcore.engine.cluster"]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(command, env=os.environ | PATHS, text=True, **pipes) as cluster:  # type: ignore[call-overload]
        cluster.stdin.close()
        cluster.stdout.close()
        assert "Traceback" not in cluster.stderr.read()
    assert cluster.returncode == 0


WORKER = """
import pathlib, sys, tempfile
from tlcore.engine.pulse import Pulse
from tlcore.engine.scratch import Scratch
scratch = Scratch(pathlib.Path(sys.argv[1]))
tempfile.NamedTemporaryFile(delete=False)
print(tempfile.gettempdir(), flush=True)
sys.stdin.read()
"""


def test_what_a_killed_worker_has_left_is_deleted_by_the_next_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", None)
    command = [sys.executable, "-c", WORKER, str(tmp_path)]
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as killed,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as alive,
    ):
        folders = [Path(worker.stdout.readline().strip()) for worker in (killed, alive) if worker.stdout]
        assert all(len(list(folder.iterdir())) == 1 for folder in folders)
        killed.kill()
        killed.wait()
        scratch = Scratch(tmp_path)
        assert [folder.exists() for folder in folders] == [False, True]
        assert Path(tempfile.gettempdir()) == scratch.folder
        scratch.close()
        alive.kill()
    assert tempfile.gettempdir() != str(scratch.folder)
    Scratch(tmp_path).close()
    assert [path.name for path in tmp_path.iterdir()] == ["guard"]


def test_where_the_way_to_the_scheduler_is_gone_nobody_is_heard() -> None:
    assert asyncio.run(Pulse(SimpleNamespace(scheduler=None)).workers()) is None
