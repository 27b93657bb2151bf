"""The web process's end of the cluster: starts one if none is named, connects, disconnects."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..errors import EngineError
from ..settings import Settings
from ..translatable import N_
from .certificates import no_answer, security_of
from .configuration import FEW_MESSAGES

CONNECT_TIMEOUT_S = 30.0
CLOSE_TIMEOUT_S = 15.0
COME_BACK_S = 60.0  # what waits in the queue waits so long for a scheduler that has ended
RESTART_S = 10.0  # a scheduler of ours is there again in a second
LISTENING_TIMEOUT_S = 1.0
LOOK_AGAIN_S = 0.1


class Connection:
    """A Dask client on Dask's own event loop, and the cluster's process where it is ours.

    It is to one scheduler: where that ends, the connection is lost, though Dask's client finds the next one at the same
    address. That one knows nothing of the jobs, nor of who wanted to hear of them.

    Args:
        settings: `scheduler` names an existing cluster; else one is started.
        before: The connection that was lost: its cluster, which has another scheduler soon, is connected to again.
        given_up: Says whether nobody wants the connection any more.

    Raises:
        EngineError: No cluster could be started or reached.
    """

    def __init__(
        self,
        settings: Settings,
        before: Connection | None = None,
        given_up: Callable[[], bool] = lambda: False,
    ) -> None:
        self.num_workers = 1 if settings.scheduler or settings.low_memory else 2
        self.process, self._address = before.hand_over() if before else (None, "")
        if self.process is None and not settings.scheduler:
            self.process = start_cluster(settings)
        self.client: Any = None
        self._leaving: Future[None] | None = None
        self._runner: Any = None
        timeout_s = settings.connect_timeout_s if settings.scheduler else CONNECT_TIMEOUT_S
        try:
            address = settings.scheduler or self._address or read_address(self.process)
            self._address = address
            if before:
                address = self._address = self._come_back(settings, address, given_up)
            # Only now: importing dask costs a second of this process, in which the first page is being drawn.
            from distributed.utils import LoopRunner

            logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # that a scheduler ended is said by us
            self._runner = LoopRunner()
            self._runner.start()
            security = security_of(settings) if settings.scheduler else None
            self.client = self.run(_connect(address, timeout_s, security)).result(2 * timeout_s)
            self._link = self.client.scheduler_comm
        except (OSError, ValueError, TimeoutError, TypeError, RuntimeError) as error:  # Dask's for what TLS lacks
            self.close()
            raise no_answer(settings.scheduler or "127.0.0.1") from error
        except BaseException:
            self.close()
            raise

    def _come_back(self, settings: Settings, address: str, given_up: Callable[[], bool]) -> str:
        """Waits for the next scheduler; where a cluster of ours has none soon, for that of another cluster."""
        try:
            wait_until_listening(address, COME_BACK_S if self.process is None else RESTART_S, given_up)
        except TimeoutError:
            if self.process is None:
                raise
            self.process.kill()
            self.process.communicate()
            self.process = start_cluster(settings)
            return read_address(self.process)
        return address

    def hand_over(self) -> tuple[subprocess.Popen[str] | None, str]:
        """The process of a cluster of ours that still runs, with its address; from now on it is somebody else's."""
        self._leave()  # else its client would connect to the next scheduler too
        process, self.process = self.process, None
        if process is None or process.poll() is None:
            return process, self._address
        self.process = process
        return None, ""

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
        """Whether the scheduler is gone for good, with the jobs that it had."""
        ended = self.process is not None and self.process.poll() is not None
        return ended or self.client.scheduler_comm is not self._link or self.client.status == "closed"

    def give_up(self) -> None:
        """Ends a cluster of ours that answers nobody, so that another takes its place; a foreign one is waited for."""
        if self.process is not None:
            self.process.kill()

    def _leave(self) -> None:
        if self.client is not None and self._leaving is None:
            self._leaving = self.run(_disconnect(self.client))

    def close(self) -> None:
        """Ends the client and, where it is ours, the cluster with its workers."""
        self._leave()
        if self._leaving is not None:
            with suppress(OSError, TimeoutError):  # the other end may be gone already, which is what closing is for
                self._leaving.result(CLOSE_TIMEOUT_S)
        if self._runner is not None:
            self._runner.stop()
        if self.process is not None:
            stop_cluster(self.process)


def wait_until_listening(address: str, timeout_s: float, given_up: Callable[[], bool]) -> None:
    """Returns when a scheduler listens at its address.

    Raises:
        TimeoutError: Nobody did for so long.
        OSError: Nobody wants to know any more.
    """
    place, deadline = urlsplit(address), time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection((place.hostname, place.port), LISTENING_TIMEOUT_S):
            return
        if given_up():
            raise ConnectionAbortedError
        time.sleep(LOOK_AGAIN_S)
    raise TimeoutError


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
