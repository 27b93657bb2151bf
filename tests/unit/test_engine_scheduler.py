"""Dask's scheduler forgets jobs that are over, and what was said about them."""

from __future__ import annotations

import asyncio
from typing import Any

import dask
from distributed import Client, Scheduler, Worker

from tlcore.engine.configuration import FEW_MESSAGES

QUIET: dict[str, Any] = {"dashboard": False, "dashboard_address": "127.0.0.1:0"}
JOBS = 30


def test_nothing_of_a_job_stays_with_the_scheduler() -> None:
    async def after_jobs() -> tuple[Scheduler, list[int]]:
        scheduler = Scheduler(host="127.0.0.1", port=0, preload=["tlcore.engine.scheduler"], **QUIET)
        async with (
            scheduler,
            Worker(scheduler.address, nthreads=1, **QUIET) as worker,
            Client(scheduler.address, asynchronous=True, set_as_default=False) as client,
        ):
            for number in range(JOBS):
                assert await client.submit(abs, -number, pure=False) == number
            await worker.heartbeat()
            streams = [*scheduler.stream_comms.values(), *scheduler.client_comms.values()]
            return scheduler, [len(stream.recent_message_log) for stream in streams]

    with dask.config.set(FEW_MESSAGES):
        scheduler, messages = asyncio.run(after_jobs())
    assert not scheduler.extensions["spans"].spans
    assert not scheduler.task_groups
    assert 0 < max(messages) <= 10 < JOBS
