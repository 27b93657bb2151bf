"""The process that holds the local cluster: Dask's scheduler and the nannies of the workers.

    python -m tlcore.engine.cluster

It is a process of its own, not part of the web process, for three reasons: Streamlit replaces `__main__` by the
page's script, which a spawned worker would then run; the web process stays small; and a scheduler that is busy does
not hold up a page. It prints the scheduler's address on one line, and ends when its standard input ends, that is, when
the process that started it is gone, however it went.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from typing import Any

import dask
import psutil
from distributed import Nanny, Scheduler
from distributed.utils import get_mp_context

from ..logs import configure_log
from ..settings import Settings, get_settings
from .connection import FEW_MESSAGES
from .scheduler import dask_setup

LOCAL = "127.0.0.1"
KILL_TIMEOUT_S = 0.5
CLOSE_TIMEOUT_S = 5.0
CONFIGURATION: dict[str, object] = {
    "distributed.worker.multiprocessing-method": "forkserver" if sys.platform == "linux" else "spawn",
    "distributed.scheduler.allowed-failures": 0,  # a job that killed its worker is not given a second one
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.worker.memory.target": False,  # results are small: there is nothing to spill, only tensorflow's own
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": 0.95,
    "distributed.worker.memory.monitor-interval": "500ms",
    "distributed.admin.tick.limit": "1h",  # tensorflow holds the interpreter for seconds; that is no news
    # What Dask does all the time for large clusters would keep a laptop's processor awake for nothing.
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.worker.profile.enabled": False,
    "distributed.scheduler.work-stealing": False,
    "distributed.scheduler.active-memory-manager.start": False,
    **FEW_MESSAGES,
}


class PromptNanny(Nanny):  # type: ignore[misc] # Dask is untyped
    """A nanny that does not wait long for a worker that is stuck: it was asked to stop before."""

    async def kill(self, timeout: float = KILL_TIMEOUT_S, reason: str = "nanny-kill") -> None:
        """Ends the worker's process, sooner than distributed would."""
        await super().kill(timeout=KILL_TIMEOUT_S, reason=reason)


def worker_resources(settings: Settings) -> dict[str, dict[str, float]]:
    """One worker for interactive work and one for training, or one for both in low-memory mode."""
    if settings.low_memory:
        return {"both": {"interactive": 1, "training": 1}}
    return {"interactive": {"interactive": 1}, "training": {"training": 1}}


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


def fork_from_template() -> None:
    """Lets workers of this process be forked from one that has imported what they need, where the system can."""
    if sys.platform == "linux":
        get_mp_context().set_forkserver_preload(["distributed", "tlcore.engine.template"])


async def serve(address_file: int) -> None:
    """Runs the cluster until standard input ends."""
    end_of_input = asyncio.get_running_loop().run_in_executor(None, sys.stdin.buffer.read)
    async with Scheduler(host=LOCAL, port=0, dashboard=False, dashboard_address=f"{LOCAL}:0") as scheduler:
        dask_setup(scheduler)
        # Told before the workers are up: who waits for it can connect while they import tensorflow.
        os.write(address_file, f"{scheduler.address}\n".encode())
        os.close(address_file)
        groups = worker_resources(get_settings())
        nannies = [make_nanny(scheduler.address, name, resources) for name, resources in groups.items()]
        started = asyncio.gather(*nannies)
        await asyncio.wait([started, end_of_input], return_when=asyncio.FIRST_COMPLETED)
        if started.done():
            started.result()  # raises what kept a worker from starting
            await end_of_input
        try:
            await asyncio.wait_for(asyncio.gather(*(nanny.close() for nanny in nannies)), CLOSE_TIMEOUT_S)
        except TimeoutError:
            for child in psutil.Process().children(recursive=True):  # still importing, and so deaf to anything else
                child.kill()
            os._exit(0)


def main() -> None:
    """Starts a cluster, prints its address, and serves until standard input ends."""
    address_file = os.dup(1)
    os.dup2(2, 1)  # whatever a worker prints goes where it can be read: nobody reads the pipe after the address
    logging.getLogger("distributed").setLevel(logging.ERROR)
    configure_log()
    with dask.config.set(CONFIGURATION):
        fork_from_template()
        asyncio.run(serve(address_file))


if __name__ == "__main__":
    main()
