"""A small class comes and goes for half an hour: what the server has more in the end than after the first lessons.

    python -m benchmarks soak --minutes 30 --json

People come, do the whole lesson, from the first page to a trained head, and close the tab; then others come. What a
server needs once is paid for by the first classes, after which it begins to count. In the end all have left.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from benchmarks.holdings import Holdings, held_by

if TYPE_CHECKING:
    from benchmarks.lab_session import Lab

NAME = "soak"
WARM_UP, PEOPLE, PAUSE_S = 2, 4, 2.0
MOST_MB = 100


def add_options(parser: argparse.ArgumentParser) -> None:
    """What `python -m benchmarks soak` takes."""
    parser.add_argument("--minutes", type=float, default=30.0, help="after the first classes (%(default)s)")
    parser.add_argument("--people", type=int, default=PEOPLE, help="of each class (%(default)s)")


def measure(minutes: float = 30.0, people: int = PEOPLE) -> Iterator[dict[str, Any]]:
    """What grew, and what was left behind."""
    from benchmarks.load.cases import ready_lab

    with ready_lab() as lab:
        errors = [error for _class in range(WARM_UP) for error in asyncio.run(_one_class(lab.url, people))]
        before = _settled(lab)
        until, classes = time.monotonic() + 60 * minutes, 0
        while time.monotonic() < until:
            errors += asyncio.run(_one_class(lab.url, people))
            classes += 1
        yield from _rows(before, _settled(lab), classes * people, errors)


async def _one_class(url: str, people: int) -> list[str]:
    """Everybody at once; what went wrong."""
    from benchmarks.load.lesson import Pace, lesson
    from benchmarks.load.person import ProtocolPerson

    those = [ProtocolPerson(url, f"person {number}") for number in range(people)]
    outcomes = await asyncio.gather(
        *(lesson(person, Pace(PAUSE_S, number)) for number, person in enumerate(those)), return_exceptions=True
    )
    await asyncio.gather(*(person.close() for person in those))
    raised = [f"{type(outcome).__name__}: {outcome}" for outcome in outcomes if outcome is not None]
    return raised + [error for person in those for error in person.errors]


def _settled(lab: Lab) -> Holdings:
    """What is held once all have left, and their sessions have been let go of."""
    from benchmarks.load.cases import KEPT_S

    time.sleep(KEPT_S)
    return held_by(lab.process.pid)


def _rows(before: Holdings, after: Holdings, lessons: int, errors: list[str]) -> Iterator[dict[str, Any]]:
    grown = (after.web_mb + after.engine_mb) - (before.web_mb + before.engine_mb)
    yield {
        "case": f"{lessons} lessons: growth of memory, web process and workers",
        "value": round(grown),
        "unit": "MB",
        "aim": MOST_MB,
        "web_mb": f"{before.web_mb:.0f} -> {after.web_mb:.0f}",
        "engine_mb": f"{before.engine_mb:.0f} -> {after.engine_mb:.0f}",
    }
    yield _left("processes more than before", before.processes, after.processes)
    yield _left("connections left open", before.connections, after.connections)
    yield _left("file descriptors more, web process", before.web_files, after.web_files)
    yield _left("file descriptors more, workers", before.engine_files, after.engine_files)
    yield _left("threads more, web process", before.threads, after.threads)
    yield {"case": f"{lessons} lessons: errors", "value": len(errors), "unit": "errors", "aim": 0, "first": errors[:3]}


def _left(what: str, before: int, after: int) -> dict[str, Any]:
    return {"case": what, "value": after - before, "unit": f"({before} -> {after})", "aim": 0}
