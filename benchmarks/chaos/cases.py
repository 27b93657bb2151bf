"""One fault after the other: what became of the training it struck, and when the next one ran."""

from __future__ import annotations

import asyncio
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.chaos.faults import PASSES_AFTER_S, Fault, faults, strike
from benchmarks.chaos.labs import Lab, started
from benchmarks.chaos.visitor import Seen, Visitor

EPOCHS = 80
USABLE_S = 15.0
PATIENCE_S = 180.0  # for what becomes of one fault; more is "never"


#: What is said of a run by the last that its page said of it.
WORDS: dict[Seen, str] = {
    "finished": "finished",
    "interrupted": "reported",
    "failed": "reported",
    "stuck": "reported",
    "goes on": "reported",
    "stopped": "lost without a word",
}


@dataclass(frozen=True)
class Outcome:
    """What one fault came to.

    Attributes:
        run: "finished" (it went on by itself), "resumed" (continued, and came to its end), "reported" (the page said
            that it ended, and why), or "lost without a word".
        told_s: Until the page said so, from the fault.
        usable_s: Until a training ran, from the fault, or from its end where it passes by itself; None: it never did.
        lost: Finished runs of before that are gone or no longer whole.
    """

    run: str
    told_s: float
    usable_s: float | None
    lost: int


def many_faults(count: int, seed: int, *, topology: bool) -> Iterator[dict[str, Any]]:
    """A row each, then a summary."""
    outcomes: list[Outcome] = []
    with TemporaryDirectory(ignore_cleanup_errors=True) as name, started(Path(name), topology=topology) as lab:
        length_s = asyncio.run(_undisturbed(lab))
        yield {"case": "a training that nothing strikes", "value": round(length_s, 1), "unit": "s", "seed": seed}
        for number, fault in enumerate(faults(count, seed), start=1):
            outcome = asyncio.run(struck(lab, fault, length_s, Random(f"{seed} {number}")))
            outcomes.append(outcome)
            yield _row(number, fault, length_s, outcome)
    yield from _summary(outcomes, seed)


async def _undisturbed(lab: Lab) -> float:
    visitor = Visitor(lab.address, EPOCHS)
    for _warm_up in range(2):
        await visitor.begin()
        began = time.perf_counter()
        await visitor.see()
    await visitor.close()
    return time.perf_counter() - began


async def struck(lab: Lab, fault: Fault, length_s: float, random: Random, epochs: int = EPOCHS) -> Outcome:
    """One training, struck at the fault's moment."""
    visitor = Visitor(lab.address, epochs)
    try:
        await visitor.begin()
        before = whole_runs(lab.home)
        await asyncio.sleep(fault.moment * length_s)
        return await _aftermath(lab, visitor, fault, before, random)
    finally:
        await visitor.close()


async def _aftermath(lab: Lab, visitor: Visitor, fault: Fault, before: set[str], random: Random) -> Outcome:
    at = time.perf_counter()
    end = strike(fault, lab, random)
    ending = asyncio.ensure_future(_end_later(end)) if lab.passes(fault) else None
    since = at if ending is None else at + PASSES_AFTER_S
    run, told_s, visitor.ran_s = "lost without a word", PATIENCE_S, None
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_S):
            seen = await visitor.see()
            told_s = time.perf_counter() - at
            if seen == "stuck":
                await visitor.stop()
                seen = await visitor.see("stuck")
                seen = "failed" if seen == "stopped" else seen  # that it was stuck, and has been stopped, was said
            if seen == "goes on":
                visitor.ran_s = time.perf_counter()
                seen = await visitor.see("goes on")
            if seen == "stopped" and whole_runs(lab.home) - before:
                seen = "finished"
            if ending is not None:
                await ending
            # An epoch that came after the fault may have been on its way already, unless the run went on to its end;
            # where none came, the next training tells.
            visitor.ran_s = visitor.ran_s if seen == "finished" else None
            run = WORDS[seen]
            run = await _go_on(visitor, seen)
    if ending is not None:
        await ending
    usable_s = None if visitor.ran_s is None else max(0.0, visitor.ran_s - since)
    return Outcome(run, told_s, usable_s, len(before - whole_runs(lab.home)))


async def _go_on(visitor: Visitor, seen: Seen) -> str:
    """Does what the page offers; what became of the run that was struck."""
    if seen == "interrupted":
        return "resumed" if await visitor.go_on() else "reported"
    await visitor.reload()
    if visitor.trains:  # the page had only lost sight of it
        await visitor.until_it_runs()
        return "finished" if await visitor.see() == "finished" else "reported"
    await visitor.begin()
    await visitor.until_it_runs()
    await visitor.stop()
    await visitor.see("stuck")
    return WORDS[seen]


async def _end_later(end: Callable[[], None]) -> None:
    await asyncio.sleep(PASSES_AFTER_S)
    end()


def whole_runs(home: Path) -> set[str]:
    """Finished runs on disk whose file is there to its last byte."""
    return {str(path) for path in home.glob("owners/*/runs/*/project.zip") if _is_whole(path)}


def _is_whole(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.testzip() is None
    except (OSError, zipfile.BadZipFile):
        return False


def _row(number: int, fault: Fault, length_s: float, outcome: Outcome) -> dict[str, Any]:
    return {
        "case": f"{number}. {fault.name}, {fault.moment * length_s:.1f} s after its beginning",
        "value": None if outcome.usable_s is None else round(outcome.usable_s, 1),
        "unit": "s until a training runs again",
        "aim": USABLE_S,
        "run": outcome.run,
        "told_s": round(outcome.told_s, 1),
        "lost": outcome.lost,
    }


def _summary(outcomes: list[Outcome], seed: int) -> Iterator[dict[str, Any]]:
    runs = Counter(outcome.run for outcome in outcomes)
    usable = [PATIENCE_S if outcome.usable_s is None else outcome.usable_s for outcome in outcomes]
    yield {
        "case": f"{len(outcomes)} faults (seed {seed}): finished runs lost",
        "value": sum(outcome.lost for outcome in outcomes),
        "unit": "runs",
        "aim": 0,
    }
    yield {
        "case": f"{len(outcomes)} faults: trainings lost without a word",
        "value": runs["lost without a word"],
        "unit": "trainings",
        "aim": 0,
        "finished": runs["finished"],
        "resumed": runs["resumed"],
        "reported": runs["reported"],
    }
    yield {
        "case": f"{len(outcomes)} faults: until a training runs again",
        "value": round(max(usable), 1),
        "unit": "s (slowest)",
        "aim": USABLE_S,
        "p50": round(median(usable), 1),
        "over_aim": sum(seconds > USABLE_S for seconds in usable),
    }
