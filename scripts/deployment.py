"""The deployment of `deploy/compose.yaml` as processes on this machine's loopback: what has no container can be tried.

nginx with `deploy/nginx.conf`, replicas of the app, a Dask scheduler, a worker for answers and one for trainings. Each
has a home of its own, as on a machine of its own, and a store is all that they share; or one home, as on one machine.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from scripts.browsing import REPOSITORY, free_port, wait_for_app

CONFIGURATION = REPOSITORY / "deploy" / "nginx.conf"
_MAIN = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {lab}
}}
"""
ROLES = {"interactive": "interactive", "training": "training"}
_END_S = 10
_SCHEDULER_SETTINGS = {
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
    "DASK_DISTRIBUTED__ADMIN__LOW_LEVEL_LOG_LENGTH": "10",
}


@dataclass(frozen=True)
class Deployment:
    """Running parts.

    Attributes:
        address: Of the proxy.
        replicas: Of the app, by their ports.
        workers: What keeps a worker running each, by its name.
        parts: All processes, by the names of their logs.
        commands: How each of them is started.
    """

    address: str
    replicas: dict[int, subprocess.Popen[bytes]]
    workers: dict[str, subprocess.Popen[bytes]]
    parts: dict[str, subprocess.Popen[bytes]]
    commands: dict[str, Callable[[], subprocess.Popen[bytes]]]

    def start_again(self, name: str) -> None:
        """Starts a part that has ended, as a container's restart policy does."""
        before, process = self.parts[name], self.commands[name]()
        self.parts[name] = process
        for known in (self.replicas, self.workers):
            known.update({key: process for key, part in known.items() if part is before})

    def replica_in_use(self) -> int:
        """Port of the replica that a browser has its WebSocket with; of the first one if none has."""
        for port, process in self.replicas.items():
            connections = psutil.Process(process.pid).net_connections(kind="tcp") if process.poll() is None else ()
            if any(connection.laddr.port == port and connection.status == "ESTABLISHED" for connection in connections):
                return port
        return next(iter(self.replicas))

    def lose(self, name: str) -> None:
        """Ends a part with all that it has started, as when its machine is gone: nothing starts it again."""
        part = psutil.Process(self.parts[name].pid)
        for process in (part, *part.children(recursive=True)):
            process.kill()
        self.parts[name].wait()


def find_nginx() -> str | None:
    """Path of the system's nginx."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@contextmanager
def deployed(
    folder: Path, nginx: str, replicas: int = 2, *, one_home: bool = False, roles: Mapping[str, str] = ROLES
) -> Iterator[Deployment]:
    """Everything running until the end of the block.

    Args:
        folder: Gets the homes, the store that all share, and the logs.
        nginx: Path of the proxy's program.
        replicas: How many processes serve the app.
        one_home: All have the same home, and no store.
        roles: Name of a worker -> what it is for.

    Raises:
        TimeoutError: A part does not answer; its log is in the message.
    """
    scheduler = free_port()
    store = {} if one_home else {"TLCORE_STORE": (folder / "store").as_uri()}
    with ExitStack() as running:
        parts: dict[str, subprocess.Popen[bytes]] = {}
        commands: dict[str, Callable[[], subprocess.Popen[bytes]]] = {}

        def start(name: str, command: Sequence[str], **settings: str) -> subprocess.Popen[bytes]:
            home = folder / ("home" if one_home else f"home of {name}")
            environment = os.environ | store | {"TLCORE_HOME": str(home)} | settings

            def run() -> subprocess.Popen[bytes]:
                with (folder / f"{name}.txt").open("ab") as log:
                    process = subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=log, stderr=log)
                running.callback(_end, process)
                return process

            commands[name] = run
            parts[name] = run()
            return parts[name]

        python = (sys.executable, "-m")
        listen = ("--host", "127.0.0.1", "--port", str(scheduler))
        dask = ("distributed.cli.dask_scheduler", *listen, "--no-dashboard", "--preload", "tlcore.engine.scheduler")
        start("scheduler", (*python, *dask), **_SCHEDULER_SETTINGS)
        cluster = f"tcp://127.0.0.1:{scheduler}"
        workers = {
            name: start(name, (*python, "tlcore.engine.worker", cluster, "--role", role))
            for name, role in roles.items()
        }
        apps = {}
        for port in (free_port() for _ in range(replicas)):
            options = ("--server.headless", "true", "--server.address", "127.0.0.1", "--server.port", str(port))
            command = (*python, "streamlit", "run", "app.py", *options)
            apps[port] = start(f"app-{port}", command, TLCORE_SCHEDULER=cluster)
        proxy = free_port()
        (folder / "nginx.conf").write_text(proxy_configuration(folder, proxy, tuple(apps)), "utf-8")
        start("nginx", (nginx, "-c", str(folder / "nginx.conf"), "-e", "stderr"))
        for port in apps:
            wait_for_app(f"http://127.0.0.1:{port}", folder / f"app-{port}.txt")
        wait_for_app(f"http://127.0.0.1:{proxy}", folder / "nginx.txt")
        yield Deployment(f"http://127.0.0.1:{proxy}", apps, workers, parts, commands)


def proxy_configuration(folder: Path, port: int, replicas: Sequence[int]) -> str:
    """What `deploy/nginx.conf` says, for these ports of the loopback."""
    written = CONFIGURATION.read_text("utf-8")
    (server,) = (line for line in written.splitlines() if line.strip().startswith("server app:8501"))
    options = server.partition("app:8501")[2]
    servers = "\n".join(f"    server 127.0.0.1:{replica}{options}" for replica in replicas)
    assert "listen 8080;" in written
    lab = written.replace(server, servers).replace("listen 8080;", f"listen 127.0.0.1:{port};")
    return _MAIN.format(folder=folder, lab=lab)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends a part and all that it has started; a process that nobody waited for would be told as a leak."""
    if process.poll() is not None:
        return
    started = psutil.Process(process.pid).children(recursive=True)
    process.terminate()
    try:
        process.wait(_END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for child in started:
        with suppress(psutil.NoSuchProcess):
            child.kill()
