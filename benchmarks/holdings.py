"""What a running lab holds: memory, file descriptors, sockets and processes, of the web process and of its workers."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import psutil


@dataclass(frozen=True)
class Holdings:
    """Of a web process and of all that it has started, at one moment.

    Attributes:
        web_mb, engine_mb: Memory of their own, MB: not what they read of files, which the system may drop, nor what
            workers have in common since they were forked, which would count once for each.
        web_files, engine_files: Open file descriptors, sockets among them.
        connections: Open TCP connections of the web process, those that listen left out.
        processes: That the web process has started.
        threads: Of the web process.
    """

    web_mb: float
    engine_mb: float
    web_files: int
    engine_files: int
    connections: int
    processes: int
    threads: int


def held_by(pid: int) -> Holdings:
    """What the web process with this id and its workers hold now."""
    web = psutil.Process(pid)
    engine = web.children(recursive=True)
    connections = [one for one in web.net_connections(kind="tcp") if one.status != psutil.CONN_LISTEN]
    return Holdings(
        web_mb=_memory(web) / 1e6,
        engine_mb=sum(_memory(child) for child in engine) / 1e6,
        web_files=web.num_fds(),
        engine_files=sum(_files(child) for child in engine),
        connections=len(connections),
        processes=len(engine),
        threads=web.num_threads(),
    )


def _memory(process: psutil.Process) -> int:
    with suppress(psutil.NoSuchProcess):
        return int(process.memory_full_info().uss)
    return 0


def _files(process: psutil.Process) -> int:
    with suppress(psutil.NoSuchProcess):
        return int(process.num_fds())
    return 0
