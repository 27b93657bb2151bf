"""Whether a process is stuck: stopped, or deaf while it does nothing. A busy one, which is deaf too, takes time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

import psutil

LOOK_EVERY_S = 1.0
STILL_LOOKS = 3  # at a process that has had no processor, before it is asked whether it hears
STOPPED_LOOKS = 2
ANSWER_TIMEOUT_S = 3.0  # one that is well answers in milliseconds


@dataclass
class Stillness:
    """How often in a row a process was found to do nothing, or stopped."""

    cpu_s: float = -1.0
    still: int = 0
    stopped: int = 0

    def note(self, cpu_s: float, status: str) -> Literal["well", "still", "stopped"]:
        """Takes what was seen of it.

        Args:
            cpu_s: Seconds that it has had a processor for, all its life.
            status: As psutil calls it. One that waits for a processor ("running") or for a disk is not still.
        """
        self.stopped = self.stopped + 1 if status == psutil.STATUS_STOPPED else 0
        self.still = self.still + 1 if status == psutil.STATUS_SLEEPING and cpu_s == self.cpu_s else 0
        self.cpu_s = cpu_s
        if self.stopped >= STOPPED_LOOKS:
            return "stopped"
        return "still" if self.still >= STILL_LOOKS else "well"


async def wait_until_stuck(
    pid: Callable[[], int | None], ask: Callable[[], Awaitable[object]] | None = None
) -> psutil.Process:
    """Looks at a process each second, for as long as it is well.

    Args:
        pid: Of the process as it is now; None while there is none.
        ask: Sends it something that it answers at once while it is well; only where it seems to do nothing.

    Returns:
        The process, once it is stuck.
    """
    process: psutil.Process | None = None
    stillness = Stillness()
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        number = pid()
        try:
            if number is None or process is None or process.pid != number:
                process, stillness = None if number is None else psutil.Process(number), Stillness()
            if process is not None and await _is_stuck(process, stillness, ask):
                return process
        except psutil.NoSuchProcess:
            process = None


async def _is_stuck(process: psutil.Process, stillness: Stillness, ask: Callable[[], Awaitable[object]] | None) -> bool:
    found = _look(process, stillness)
    if found != "still" or ask is None:
        return found == "stopped"
    stillness.still = 0  # asked again only after as many looks
    try:
        async with asyncio.timeout(ANSWER_TIMEOUT_S):
            await ask()
    except TimeoutError:
        stillness.still = STILL_LOOKS - 1
        return _look(process, stillness) != "well"  # it has done nothing for the question either
    except (OSError, RuntimeError):  # it is just ending, which others notice
        return False
    return False


def _look(process: psutil.Process, stillness: Stillness) -> Literal["well", "still", "stopped"]:
    with process.oneshot():
        times = process.cpu_times()
        return stillness.note(times.user + times.system, process.status())
