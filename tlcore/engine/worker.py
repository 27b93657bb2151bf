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
from contextlib import suppress
from functools import partial
from typing import Any

import dask
from distributed.utils import get_mp_context

from ..errors import EngineError
from ..logs import configure_log
from ..settings import get_settings
from .certificates import no_answer, security_of
from .configuration import CONFIGURATION
from .forking import set_template
from .keeping import end, keep_worker, make_nanny

ROLES: dict[str, dict[str, float]] = {
    "both": {"interactive": 1, "training": 1},
    "interactive": {"interactive": 1},
    "training": {"training": 1},
}


async def work_for(address: str, role: str, workers: int) -> None:
    """Runs workers until this process is told to end; where the scheduler ends, until another takes its place and on.

    Args:
        address: Of the scheduler, tcp:// or tls://.
        role: What they are for, one of `ROLES`.
        workers: How many.

    Raises:
        OSError, RuntimeError, TypeError: There is no such scheduler, or it does not know the certificate of this part.
    """
    asked_to_end = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # on Windows Ctrl-C ends the process by itself
            asyncio.get_running_loop().add_signal_handler(sign, asked_to_end.set)
    security = security_of(get_settings())
    # One machine may run this command several times: Dask refuses the second worker of a name.
    names = [f"{socket.gethostname()}-{os.getpid()}-{role}-{number}" for number in range(workers)]
    tasks = [asyncio.ensure_future(_keep(address, name, role, security)) for name in names]
    asked = asyncio.ensure_future(asked_to_end.wait())
    await asyncio.wait({asked, *tasks}, return_when=asyncio.FIRST_COMPLETED)
    failed = [task for task in tasks if task.done()]
    await end(tasks)
    for task in failed:
        task.result()  # raises what kept it from starting


async def _keep(address: str, name: str, role: str, security: Any) -> None:
    make = partial(make_nanny, address, name, ROLES[role], host=None, security=security)
    ready = partial(print, f"{name}: ready for {address}", flush=True)
    lost = partial(print, f"{name}: ended, or lost its scheduler; another follows when there is one", flush=True)
    await keep_worker(make, address, ready=ready, lost=lost)


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
    configure_log()
    _share_memory(arguments.workers)
    with dask.config.set(CONFIGURATION):
        get_mp_context()
        set_template()
        try:
            asyncio.run(work_for(arguments.address, arguments.role, arguments.workers))
        except EngineError as error:
            parser.exit(1, f"{error}\n")
        except (OSError, RuntimeError, TypeError):  # Dask's for an address where nobody is, and for what TLS lacks
            parser.exit(1, f"{no_answer(arguments.address)}\n")


if __name__ == "__main__":
    main()
