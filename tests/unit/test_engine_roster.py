"""Which workers of somebody else's cluster get jobs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from tests.unit.queued_jobs import add
from tlcore.engine import pulse
from tlcore.engine.dispatcher import Dispatcher
from tlcore.engine.job_queue import JobQueue
from tlcore.engine.roster import SILENT_FROM_S, Roster
from tlcore.settings import Settings

TRAINING, ELSEWHERE, INTERACTIVE, NEXT = (f"tcp://10.0.0.{number}:1" for number in range(1, 5))


class Cluster:
    """What Dask's client and scheduler tell of some workers."""

    status = "running"

    def __init__(self) -> None:
        self.scheduler = self
        self.workers = {
            address: {"status": "running", "resources": {kind: 1.0}, "last_seen": 0.0}
            for address, kind in ((TRAINING, "training"), (ELSEWHERE, "training"), (INTERACTIVE, "interactive"))
        }
        self.asked: list[str] = []
        self.meanwhile: Callable[[], object] = lambda: None

    async def identity(self, n_workers: int) -> dict[str, Any]:
        return {"workers": self.workers}

    async def run(self, reads: Callable[..., Any], word: str, *, workers: list[str], on_error: str) -> dict[str, bool]:
        self.asked += workers
        self.meanwhile()
        return {address: address != ELSEWHERE for address in workers}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    now = SimpleNamespace(s=0.0)
    monkeypatch.setattr(pulse, "time", SimpleNamespace(monotonic=lambda: now.s))
    return now


def test_who_lacks_the_store_or_says_nothing_gets_no_jobs(clock: SimpleNamespace, isolated_home: Any) -> None:
    cluster = Cluster()
    roster = Roster(cluster, Settings(scheduler="tcp://10.0.0.9:8786"))

    def look_at(*heard: str) -> list[str]:
        clock.s += SILENT_FROM_S
        for address in heard:
            cluster.workers[address]["last_seen"] += 1.0
        assert asyncio.run(roster.look())
        return roster.places("training")

    late = cluster.workers.pop(ELSEWHERE)
    assert look_at(TRAINING) == [TRAINING]
    assert roster.objection is None
    cluster.workers[ELSEWHERE] = late
    assert look_at(TRAINING, ELSEWHERE) == [TRAINING]
    assert cluster.asked == [TRAINING, INTERACTIVE, ELSEWHERE], "each is asked once, when it has come"
    assert ELSEWHERE in str(roster.objection)
    assert TRAINING not in str(roster.objection)
    assert roster.refusal() is None, "another does such jobs"
    assert look_at(ELSEWHERE, INTERACTIVE) == [], "silent since the last look"
    assert roster.slots("training") == 0
    cluster.workers[NEXT] = cluster.workers.pop(TRAINING)
    cluster.meanwhile = lambda: roster.places("training")
    assert look_at(NEXT) == [NEXT], "also where a job is given out while it is asked"
    del cluster.workers[NEXT]
    look_at(ELSEWHERE)
    assert roster.refusal() is roster.objection


def test_what_no_worker_has_begun_is_taken_back_from_those_that_are_gone(isolated_home: Any) -> None:
    settings = Settings(scheduler="tcp://10.0.0.9:8786")
    queue = JobQueue(settings)
    dispatcher = Dispatcher(SimpleNamespace(client=Cluster(), num_workers=1), queue, "topic", settings)  # type: ignore[arg-type]
    waiting, lost, begun = (add(queue, owner) for owner in "abc")
    begun.state = "running"
    taken_back: list[str] = []

    async def take_back() -> None:
        await dispatcher.roster.look()
        for job, place in ((waiting, TRAINING), (lost, "tcp://10.0.0.7:1"), (begun, "tcp://10.0.0.7:1")):

            async def cancel(job_id: str = job.job_id, *, force: bool) -> None:
                taken_back.append(job_id)

            dispatcher._futures[job.job_id] = SimpleNamespace(cancel=cancel)
            dispatcher._places[job.job_id] = {place}
        dispatcher._take_back()
        await asyncio.gather(*dispatcher._background)

    asyncio.run(take_back())
    assert taken_back == [lost.job_id]
