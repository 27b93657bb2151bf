"""Lets this machine work for a Dask cluster that the app uses (`TLCORE_SCHEDULER`).

    python -m tlcore.engine.worker tcp://SCHEDULER:8786 [--role both|interactive|training] [--workers 1]

Each worker is a process with one job at a time, tensorflow imported before the first; one that dies is started again.
Ctrl-C ends them. All need what the app has in common with them: its `TLCORE_STORE`, or its `TLCORE_HOME` on a disk that
they share. `tls://` addresses need `TLCORE_TLS_CA_FILE`, `TLCORE_TLS_CERT` and `TLCORE_TLS_KEY`.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import socket
from contextlib import AsyncExitStack, suppress

import dask

from ..errors import EngineError
from ..settings import get_settings
from .certificates import no_answer, security_of
from .cluster import CONFIGURATION, fork_from_template, make_nanny

ROLES: dict[str, dict[str, float]] = {
    "both": {"interactive": 1, "training": 1},
    "interactive": {"interactive": 1},
    "training": {"training": 1},
}


async def work_for(address: str, role: str, workers: int) -> None:
    """Runs workers until this process is told to end.

    Args:
        address: Of the scheduler, tcp:// or tls://.
        role: What they are for, one of `ROLES`.
        workers: How many.
    """
    asked_to_end = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # on Windows Ctrl-C ends the process by itself
            asyncio.get_running_loop().add_signal_handler(sign, asked_to_end.set)
    security = security_of(get_settings())
    names = (f"{socket.gethostname()}-{role}-{number}" for number in range(workers))
    async with AsyncExitStack() as nannies:
        await asyncio.gather(
            *(
                nannies.enter_async_context(make_nanny(address, name, ROLES[role], host=None, security=security))
                for name in names
            )
        )
        print(f"{workers} of {role}: ready for {address}", flush=True)
        await asked_to_end.wait()


def _share_memory(workers: int) -> None:
    """Each worker of this command may take its part of what the machine has, unless a setting says how much."""
    settings = get_settings()
    if settings.worker_memory_bytes is None:
        os.environ["TLCORE_WORKER_MEMORY_BYTES"] = str(max(1024**3, settings.memory_of_a_worker // workers))
        get_settings.cache_clear()


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tlcore.engine.worker", description=__doc__)
    parser.add_argument("address", help="of the Dask scheduler, tcp://host:port")
    parser.add_argument("--role", choices=sorted(ROLES), default="both", help="what it is for (%(default)s)")
    parser.add_argument("--workers", type=int, default=1, help="how many processes (%(default)s)")
    arguments = parser.parse_args()
    _share_memory(arguments.workers)
    with dask.config.set(CONFIGURATION):
        fork_from_template()
        try:
            asyncio.run(work_for(arguments.address, arguments.role, arguments.workers))
        except EngineError as error:
            parser.exit(1, f"{error}\n")
        except (OSError, RuntimeError, TypeError):  # Dask's for an address where nobody is, and for what TLS lacks
            parser.exit(1, f"{no_answer(arguments.address)}\n")


if __name__ == "__main__":
    main()
