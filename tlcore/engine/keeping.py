"""Keeps workers running: one that dies, or is stuck, or has lost its scheduler, is followed by another."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import psutil
from distributed import Nanny
from distributed.core import Status

from ..settings import get_settings
from .configuration import LOCAL
from .forking import start_template
from .stuck import wait_until_stuck

RETRY_S = 0.2
KILL_TIMEOUT_S = 0.5
CLOSE_TIMEOUT_S = 5.0

logger = logging.getLogger(__name__)


class PromptNanny(Nanny):  # type: ignore[misc] # Dask is untyped
    """A nanny that does not wait long for a worker that is stuck: it was asked to stop before."""

    async def kill(self, timeout: float = KILL_TIMEOUT_S, reason: str = "nanny-kill") -> None:
        """Ends the worker's process, sooner than distributed would."""
        await super().kill(timeout=KILL_TIMEOUT_S, reason=reason)

    async def instantiate(self) -> Status:
        """Starts the worker's process."""
        start_template()  # here: it ends with the thread that starts it, and Dask would do so in one of a worker's own
        return await super().instantiate()

    def close_gracefully(self, reason: str = "nanny-close-gracefully") -> None:
        """Called by a worker that ends since its scheduler has: at once, though a job would like to go on."""
        super().close_gracefully(reason=reason)
        self.ending = asyncio.ensure_future(self.close(reason=reason))


def make_nanny(
    address: str, name: str, resources: dict[str, float], host: str | None = LOCAL, security: Any = None
) -> PromptNanny:
    """A nanny, not started; it starts its worker again whenever that dies.

    Args:
        address: Of the scheduler.
        name: Of the worker, one of its kind in the cluster.
        resources: What it is for.
        host: The address at which it is reached; None for the one by which this machine reaches the scheduler.
        security: Dask's, for a tls:// address.
    """
    return PromptNanny(
        address,
        name=name,
        host=host,
        security=security,
        nthreads=1,
        resources=resources,
        memory_limit=get_settings().memory_of_a_worker,  # Dask would give each thread its share of the machine
        preload=["tlcore.engine.preload"],
        dashboard=False,
        dashboard_address=f"{host or ''}:0",
        silence_logs=logging.CRITICAL,  # Dask would print a failed job's arguments, which are people's images
    )


async def keep_worker(
    make: Callable[[], PromptNanny], address: str, *, ready: Callable[[], None], lost: Callable[[], None]
) -> None:
    """Keeps one worker running until this is cancelled.

    Args:
        make: Makes its nanny, not started.
        address: Of the scheduler.
        ready: Called each time when a worker is there.
        lost: Called each time when it is not any more.

    Raises:
        OSError, RuntimeError, TypeError: The first one could not start.
    """
    await _run(make(), ready)
    while True:
        lost()
        # Dask would ask for its scheduler again and again, at longer and longer intervals.
        await until_listening(address)
        with suppress(OSError, RuntimeError, TimeoutError):  # it has ended again
            await _run(make(), ready)


async def _run(nanny: PromptNanny, ready: Callable[[], None]) -> None:
    """Runs a worker until it has ended, or is stuck and so was ended."""
    watching = asyncio.ensure_future(_end_when_stuck(nanny))
    try:
        await nanny
        ready()
        await nanny.finished()
    finally:
        watching.cancel()
        await nanny.close()


async def _end_when_stuck(nanny: PromptNanny) -> None:
    async def ask() -> None:
        if nanny.status == Status.running and nanny.worker_address:
            await nanny.rpc(nanny.worker_address).identity()

    process = await wait_until_stuck(lambda: nanny.pid, ask)
    logger.error("A worker is stuck, so another takes its place")
    with suppress(psutil.NoSuchProcess):
        process.kill()  # it would not hear a request
    await nanny.close(reason="stuck")


async def until_listening(address: str) -> None:
    """Returns when somebody listens at the address of a scheduler."""
    place = urlsplit(address)
    while True:
        with suppress(OSError):
            _, writer = await asyncio.open_connection(place.hostname, place.port)
            writer.close()
            return
        await asyncio.sleep(RETRY_S)


async def end(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Ends what keeps workers running, and the workers; does not return where one is deaf, but ends this process."""
    for task in tasks:
        task.cancel()
    try:
        async with asyncio.timeout(CLOSE_TIMEOUT_S):
            await asyncio.gather(*tasks, return_exceptions=True)
    except TimeoutError:
        end_at_once()


def end_at_once(status: int = 0) -> None:
    """Ends this process and all that it has started, which may still be importing, and so be deaf to anything else."""
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            child.kill()
    os._exit(status)
