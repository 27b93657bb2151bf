"""A process that is stuck is told from one that is busy, or has nothing to do."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator

import psutil
import pytest

from tlcore.engine import stuck
from tlcore.engine.stuck import STILL_LOOKS, STOPPED_LOOKS, Stillness, wait_until_stuck


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> Iterator[psutil.Process]:
    """A process that does nothing; looked at without a pause."""
    monkeypatch.setattr(stuck, "LOOK_EVERY_S", 0.001)
    monkeypatch.setattr(stuck, "ANSWER_TIMEOUT_S", 0.001)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield psutil.Process(process.pid)
        process.kill()


def is_stuck(process: psutil.Process, ask: Callable[[], Awaitable[object]] | None) -> bool:
    async def within_a_moment() -> psutil.Process:
        async with asyncio.timeout(1.0):
            return await wait_until_stuck(lambda: process.pid, ask)

    try:
        return asyncio.run(within_a_moment()) == process
    except TimeoutError:
        return False


def test_busy_waiting_and_reading_processes_are_well() -> None:
    seen = Stillness()
    busy = [seen.note(float(number), psutil.STATUS_SLEEPING) for number in range(9)]
    waiting = [seen.note(9.0, psutil.STATUS_RUNNING) for _ in range(9)]
    reading = [seen.note(9.0, psutil.STATUS_DISK_SLEEP) for _ in range(9)]
    assert {*busy, *waiting, *reading} == {"well"}
    assert [seen.note(9.0, psutil.STATUS_SLEEPING) for _ in range(STILL_LOOKS)][-1] == "still"
    assert [seen.note(9.0, psutil.STATUS_STOPPED) for _ in range(STOPPED_LOOKS)] == ["well", "stopped"]


def test_a_stopped_process_is_stuck_and_one_that_answers_is_not(idle: psutil.Process) -> None:
    asked: list[bool] = []

    async def answer() -> None:
        asked.append(True)

    assert not is_stuck(idle, answer)
    assert asked, "it seemed to do nothing"
    assert not is_stuck(idle, None)
    idle.suspend()
    assert is_stuck(idle, None)


def test_a_process_that_does_nothing_for_a_question_is_stuck(idle: psutil.Process) -> None:
    assert is_stuck(idle, asyncio.Event().wait)
