"""The web process's end of the cluster: starts one if none is named, connects, disconnects."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Coroutine
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..errors import EngineError
from ..settings import Settings
from ..translatable import N_
from .certificates import no_answer, security_of

CONNECT_TIMEOUT_S = 30.0
CLOSE_TIMEOUT_S = 15.0
#: Dask keeps the last thousand messages of each connection, for its developers: jobs with people's images among them.
FEW_MESSAGES = {"distributed.admin.low-level-log-length": 10}


class Connection:
    """A Dask client on Dask's own event loop, and the cluster's process where it is ours.

    Args:
        settings: `scheduler` names an existing cluster; else one is started.

    Raises:
        EngineError: No cluster could be started or reached.
    """

    def __init__(self, settings: Settings) -> None:
        self.num_workers = 1 if settings.scheduler or settings.low_memory else 2
        self.process = None if settings.scheduler else start_cluster(settings)
        self.client: Any = None
        self._runner: Any = None
        timeout_s = settings.connect_timeout_s if settings.scheduler else CONNECT_TIMEOUT_S
        try:
            address = settings.scheduler or read_address(self.process)
            # Only now: importing dask costs a second of this process, in which the first page is being drawn.
            from distributed.utils import LoopRunner

            self._runner = LoopRunner()
            self._runner.start()
            security = security_of(settings) if settings.scheduler else None
            self.client = self.run(_connect(address, timeout_s, security)).result(2 * timeout_s)
        except (OSError, ValueError, TimeoutError, TypeError, RuntimeError) as error:  # Dask's for what TLS lacks
            self.close()
            raise no_answer(settings.scheduler or "127.0.0.1") from error
        except BaseException:
            self.close()
            raise

    @property
    def loop(self) -> Any:
        """Dask's event loop, which runs in a thread of Dask's own."""
        return self._runner.loop

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Future[Any]:
        """Runs a coroutine on the event loop."""
        import asyncio

        return asyncio.run_coroutine_threadsafe(coroutine, self.loop.asyncio_loop)

    @property
    def lost(self) -> bool:
        """Whether the cluster is gone for good."""
        ended = self.process is not None and self.process.poll() is not None
        return ended or self.client.status == "closed"

    def give_up(self) -> None:
        """Ends a cluster of ours that answers nobody, so that another takes its place; a foreign one is waited for."""
        if self.process is not None:
            self.process.kill()

    def close(self) -> None:
        """Ends the client and, where it is ours, the cluster with its workers."""
        if self.client is not None:
            with suppress(OSError, TimeoutError):  # the other end may be gone already, which is what closing is for
                self.run(_disconnect(self.client)).result(CLOSE_TIMEOUT_S)
        if self._runner is not None:
            self._runner.stop()
        if self.process is not None:
            stop_cluster(self.process)


async def _connect(address: str, timeout_s: float, security: Any) -> Any:
    import dask
    from distributed import Client

    dask.config.set(FEW_MESSAGES)  # also for connections that this client makes after an interruption
    return await Client(address, asynchronous=True, set_as_default=False, timeout=timeout_s, security=security)


async def _disconnect(client: Any) -> None:
    await client.close(timeout=2)


def start_cluster(settings: Settings) -> subprocess.Popen[str]:
    """Starts the process of `tlcore.engine.cluster`, which lives as long as its standard input stays open."""
    package_root = str(Path(__file__).resolve().parents[2])
    search_path = os.pathsep.join(filter(None, [package_root, os.environ.get("PYTHONPATH")]))
    environment = os.environ | {
        "PYTHONPATH": search_path,
        "TLCORE_HOME": str(settings.home.absolute()),
        "TLCORE_LOW_MEMORY": str(int(settings.low_memory)),
    }
    flags = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) | getattr(subprocess, "CREATE_NO_WINDOW", 0)
    return subprocess.Popen(
        [sys.executable, "-m", "tlcore.engine.cluster"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,  # Ctrl-C goes to the web process, which then ends this one in order
        creationflags=flags,
    )


def read_address(process: subprocess.Popen[str] | None) -> str:
    """Waits for the line with the scheduler's address.

    Raises:
        EngineError: The process ended without it.
    """
    address = process.stdout.readline().strip() if process and process.stdout else ""
    if not address:
        raise EngineError(
            N_("The engine's process ended while it started. The terminal where the app was started says why.")
        )
    return address


def stop_cluster(process: subprocess.Popen[str]) -> None:
    """Lets the cluster end in order, or ends it after a while."""
    for stream in (process.stdin, process.stdout):
        if stream:
            stream.close()
    try:
        process.wait(CLOSE_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
