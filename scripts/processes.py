"""Which process of a running lab is what: its scheduler and its workers are forked, and look alike from outside."""

from __future__ import annotations

from contextlib import suppress

import psutil


def scheduler_of(client: psutil.Process) -> tuple[psutil.Process, int]:
    """The scheduler that a process has started and is connected to, with the port where it listens.

    Raises:
        LookupError: There is none now.
    """
    ports = {connection.raddr.port for connection in client.net_connections(kind="tcp") if connection.raddr}
    for process in client.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            for connection in process.net_connections(kind="tcp"):
                if connection.status == "LISTEN" and connection.laddr.port in ports:
                    return process, connection.laddr.port
    raise LookupError("No scheduler is there.")


def workers_of(keeper: psutil.Process) -> list[psutil.Process]:
    """The processes in which jobs run, of one that keeps workers running: those forked with tensorflow in them."""
    forked = [child for child in keeper.children(recursive=True) if "forkserver" in command_of(child)]
    servers = {child.pid for child in forked}
    with suppress(psutil.NoSuchProcess):
        return [child for child in forked if child.ppid() in servers]
    return []


def command_of(process: psutil.Process) -> str:
    """How it was started; empty where it has ended."""
    with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
        return " ".join(process.cmdline())
    return ""
