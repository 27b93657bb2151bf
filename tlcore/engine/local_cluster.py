"""What the process of the local cluster does: it keeps a scheduler and workers running; see `cluster`."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any
from urllib.parse import urlsplit

from distributed.core import rpc
from distributed.utils import get_mp_context

from ..settings import Settings, get_settings
from .forking import set_template
from .keeping import end, end_at_once, keep_worker, make_nanny
from .scheduler_process import run_scheduler
from .stuck import wait_until_stuck

logger = logging.getLogger(__name__)


def worker_resources(settings: Settings) -> dict[str, dict[str, float]]:
    """One worker for interactive work and one for training, or one for both in low-memory mode."""
    if settings.low_memory:
        return {"both": {"interactive": 1, "training": 1}}
    return {"interactive": {"interactive": 1}, "training": {"training": 1}}


async def serve(address_file: int) -> None:
    """Runs the cluster until standard input ends."""
    get_mp_context()
    set_template()  # for the next one, should this one die
    end_of_input: asyncio.Future[Any] = asyncio.ensure_future(asyncio.to_thread(sys.stdin.buffer.read))
    found: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    tasks = [asyncio.ensure_future(keep_scheduler(found))]
    events: list[asyncio.Future[Any]] = [end_of_input, found, *tasks]
    await asyncio.wait(events, return_when=asyncio.FIRST_COMPLETED)
    if end_of_input.done():
        end_at_once()  # what imports tensorflow would be waited for
    if found.done():
        address = found.result()
        # Told before the workers are up: who waits for it can connect while they import tensorflow.
        with suppress(BrokenPipeError):  # the app has ended meanwhile, and so will this
            os.write(address_file, f"{address}\n".encode())
        os.close(address_file)
        for name, resources in worker_resources(get_settings()).items():
            make = partial(make_nanny, address, name, resources)
            tasks.append(asyncio.ensure_future(keep_worker(make, address, ready=lambda: None, lost=lambda: None)))
    await asyncio.wait([*tasks, end_of_input], return_when=asyncio.FIRST_COMPLETED)
    failed = [error for task in tasks if task.done() and (error := task.exception())]
    await end(tasks)
    if failed:  # a scheduler or a worker cannot start
        logger.error("The cluster has ended", exc_info=failed[0])
        end_at_once(1)  # the end of the input would be waited for


async def keep_scheduler(found: asyncio.Future[str]) -> None:
    """Keeps a scheduler running, always at the same address, until this is cancelled.

    Args:
        found: Gets the address once there is one.

    Raises:
        RuntimeError: A scheduler could not start.
    """
    port = 0
    while True:
        receiver, sender = get_mp_context().Pipe(duplex=False)
        process = get_mp_context().Process(target=run_scheduler, args=(port, sender), daemon=True)
        await asyncio.to_thread(process.start)  # waits until its template has imported tensorflow
        sender.close()
        try:
            address = await asyncio.to_thread(_received, receiver)
            if not found.done():
                found.set_result(address)
            port = urlsplit(address).port or 0
            await _wait_until_ended(process, address)
        finally:
            process.kill()
        logger.error("The scheduler has ended, so another takes its place")


def _received(receiver: Connection) -> str:
    try:
        return str(receiver.recv())
    except EOFError:
        raise RuntimeError("The scheduler ended while it started.") from None
    finally:
        receiver.close()


async def _wait_until_ended(process: BaseProcess, address: str) -> None:
    """Returns when a scheduler has ended; one that is stuck is ended."""
    ended = asyncio.ensure_future(asyncio.to_thread(process.join))
    async with rpc(address) as scheduler:
        stuck = asyncio.ensure_future(wait_until_stuck(lambda: process.pid, scheduler.identity))
        try:
            await asyncio.wait([ended, stuck], return_when=asyncio.FIRST_COMPLETED)
        finally:
            stuck.cancel()
            process.kill()
            await ended
