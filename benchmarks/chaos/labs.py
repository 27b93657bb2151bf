"""A lab whose parts can be struck: which processes there are, and who starts again what was killed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psutil

from benchmarks.chaos.faults import Fault, Part
from scripts.browsing import REPOSITORY, free_port, wait_for_app
from scripts.deployment import Deployment, deployed, find_nginx
from scripts.processes import command_of, scheduler_of, workers_of


class Lab(Protocol):
    """A running lab.

    Attributes:
        address: Of its first page.
        home: Where it keeps everything; a link, so that it can be gone.
    """

    address: str
    home: Path

    def processes(self, part: Part) -> list[psutil.Process]:
        """Those that run now, one of which may be struck."""

    def everything(self) -> list[psutil.Process]:
        """All processes that write."""

    def start_again(self) -> None:
        """What keeps processes running in earnest: starts anew what has ended and has nobody else."""

    def passes(self, fault: Fault) -> bool:
        """Whether the fault ends by itself after a while."""


@dataclass
class Running:
    """The app as one starts it on a laptop; the engine belongs to it. Somebody else keeps it running."""

    address: str
    home: Path
    web: psutil.Process

    def processes(self, part: Part) -> list[psutil.Process]:
        if part == "web":
            return [self.web]
        if part == "scheduler":
            return [scheduler_of(self.web)[0]]
        keepers = [child for child in self.web.children() if "tlcore.engine.cluster" in command_of(child)]
        if part == "keeper":
            return keepers
        scheduler = scheduler_of(self.web)[0]
        return at_work([worker for one in keepers for worker in workers_of(one) if worker != scheduler])

    def everything(self) -> list[psutil.Process]:
        return [self.web, *self.web.children(recursive=True)]

    def passes(self, fault: Fault) -> bool:
        # A worker, and a scheduler, that is stopped is replaced by what keeps it running.
        return fault.part is None or (fault.kind == "stop" and fault.part in ("web", "keeper"))

    def start_again(self) -> None:
        """Nothing that this program has started."""


class Alone(Running):
    """The same, kept running by this program.

    Args:
        folder: Gets the log.
        home: Of the app.
    """

    def __init__(self, folder: Path, home: Path) -> None:
        port = free_port()
        options = ["--server.headless=true", "--server.address=127.0.0.1", f"--server.port={port}"]
        self._command = [sys.executable, "-m", "streamlit", "run", "app.py", *options]
        self.log = folder / "log.txt"
        self._process = self._run(home)
        super().__init__(f"http://127.0.0.1:{port}", home, psutil.Process(self._process.pid))

    def _run(self, home: Path) -> subprocess.Popen[bytes]:
        environment = os.environ | {"TLCORE_HOME": str(home)}
        with self.log.open("ab") as log:
            return subprocess.Popen(self._command, cwd=REPOSITORY, env=environment, stdout=log, stderr=log)

    def start_again(self) -> None:
        if self._process.poll() is not None:
            self._process = self._run(self.home)
            self.web = psutil.Process(self._process.pid)

    def close(self) -> None:
        """Ends it."""
        end(self._process)


@dataclass
class Apart:
    """Replicas behind a proxy, a scheduler and workers, as in `deploy/compose.yaml`."""

    address: str
    home: Path
    deployment: Deployment

    def processes(self, part: Part) -> list[psutil.Process]:
        running = {name: psutil.Process(process.pid) for name, process in self.deployment.parts.items()}
        if part == "scheduler":
            return [running["scheduler"]]
        if part == "web":
            return [running[f"app-{self.deployment.replica_in_use()}"]]
        if part == "keeper":
            return [running[role] for role in self.deployment.workers]
        return at_work([worker for role in self.deployment.workers for worker in workers_of(running[role])])

    def everything(self) -> list[psutil.Process]:
        parts = self.deployment.parts.items()
        running = [psutil.Process(process.pid) for name, process in parts if name != "nginx"]
        return running + [child for process in running for child in process.children(recursive=True)]

    def passes(self, fault: Fault) -> bool:
        return fault.part != "worker" and fault.kind != "kill"  # what keeps workers running is kept running too

    def start_again(self) -> None:
        for name, part in tuple(self.deployment.parts.items()):
            if part.poll() is not None:
                self.deployment.start_again(name)


@contextmanager
def started(folder: Path, *, topology: bool) -> Iterator[Lab]:
    """A lab that answers, until the end of the block.

    Args:
        folder: Gets what the home's link leads to, and the logs.
        topology: Whether its parts are apart.

    Raises:
        RuntimeError: It needs nginx, and there is none.
    """
    (folder / "disk").mkdir()
    home = folder / "home"
    home.symlink_to(folder / "disk")
    if topology:
        nginx = find_nginx()
        if nginx is None:
            raise RuntimeError("Needs nginx; none was found.")
        with deployed(folder, nginx, one_home=True) as deployment:
            yield Apart(deployment.address, home, deployment)
        return
    lab = Alone(folder, home)
    try:
        wait_for_app(lab.address, lab.log)
        yield lab
    finally:
        lab.close()


def at_work(workers: list[psutil.Process]) -> list[psutil.Process]:
    """Of these, the ones that train: they give way to others. All of them where none does."""
    return [worker for worker in workers if worker.nice() > psutil.Process().nice()] or workers


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends a process with all that it has started."""
    if process.poll() is None:
        started = psutil.Process(process.pid).children(recursive=True)
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)
        for child in started:
            with suppress(psutil.NoSuchProcess):
                child.kill()
    if process.poll() is None:
        process.kill()
        process.wait()
