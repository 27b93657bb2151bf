"""A class of thirty against one person with the same grid: seconds from the first click to the last point.

Both sides run on the engine as it comes, with its usual workers and an empty home: the images that the runs share are
drawn and looked at within the time. A class is a run a student, each in a browser of their own, and the teacher's that
prepares; one person measures the cells of the same thirty seeds as one experiment. `ours_cpu_s` and `theirs_cpu_s` are
the processor seconds of the engine and its workers, which do not depend on what else the machine does.
`without_pool_s` is what one such run takes where each draws images of its own, as on the page Experiments.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psutil

from tlcore.architectures import PROPOSED_BASE
from tlcore.classroom import ClassPlan, Classroom, ClassRun, ClassStore, class_claims, room_result
from tlcore.engine import Engine
from tlcore.experiments import Cell, ExperimentSettings
from tlcore.experiments.measuring.seeds import cells_of_seeds
from tlcore.experiments.measuring.sweep import Sweep
from tlcore.settings import get_settings
from tlcore.weights import usual_weights

_TEACHER, _LOOK_EVERY_S = "t" * 32, 0.2


class _InOneGo(Sweep):
    """The cells of several seeds as one person's experiment."""

    seeds: Sequence[int] = ()

    def _grid(self) -> list[Cell]:
        return cells_of_seeds(self.spec.name, self.settings, self.seeds)


@contextmanager
def _fresh_engine() -> Iterator[Engine]:
    """An engine with an empty home, its workers ready."""
    home, before = tempfile.mkdtemp(prefix="classroom-"), os.environ.get("TLCORE_HOME")
    os.environ["TLCORE_HOME"] = home
    get_settings.cache_clear()
    engine = Engine()
    try:
        engine.start()
        _wait(lambda: engine.status().state == "ready")
        yield engine
    finally:
        engine.close()
        if before is None:
            del os.environ["TLCORE_HOME"]
        else:
            os.environ["TLCORE_HOME"] = before
        get_settings.cache_clear()
        shutil.rmtree(home, ignore_errors=True)


def _wait(condition: Callable[[], bool]) -> None:
    pause = threading.Event()
    while not condition():
        pause.wait(_LOOK_EVERY_S)


def _cpu_s() -> float:
    """Of all processes that this one has started."""
    times = (child.cpu_times() for child in psutil.Process().children(recursive=True))
    return float(sum(spent.user + spent.system for spent in times))


def _timed(runs: Sequence[Sweep]) -> dict[str, float]:
    """Seconds and processor seconds until all of them have ended, looked at as pages do."""
    start_s, spent_s = time.perf_counter(), _cpu_s()

    def ended() -> bool:
        for run in runs:
            run.advance()
        return all(run.state != "running" for run in runs)

    _wait(ended)
    for run in runs:
        if run.error is not None:
            raise run.error
    return {"s": time.perf_counter() - start_s, "cpu_s": _cpu_s() - spent_s}


def _open_class(claim: str, students: int) -> tuple[Classroom, list[str]]:
    store = ClassStore()
    plan = ClassPlan(experiment=claim, dataset="helmets", base=PROPOSED_BASE, weights=usual_weights(PROPOSED_BASE))
    code = store.open(_TEACHER, plan)
    owners = [f"{number:032d}" for number in range(students)]
    for number, owner in enumerate(owners, start=1):
        store.join(code, owner, f"student {number}")
        store.note_start(code, owner)
    return store.get(code), owners


def _class_side(claim: str, students: int) -> tuple[dict[str, float], Any]:
    with _fresh_engine() as engine:
        classroom, owners = _open_class(claim, students)
        members = ClassStore().members(classroom.code)
        runs = [ClassRun(engine, _TEACHER, classroom, classroom.first_seed)]
        runs += [ClassRun(engine, owner, classroom, member.seed) for owner, member in zip(owners, members, strict=True)]
        spent = _timed(runs)
        room = room_result(classroom, members)
        if len(room.runs) != students or room.result is None:
            raise RuntimeError(f"Expected {students} runs. Received: {len(room.runs)}.")
        return spent, room.result.figure


def _one_person_side(claim: str, settings: ExperimentSettings, seeds: Sequence[int]) -> dict[str, float]:
    with _fresh_engine() as engine:
        in_one_go = type("InOneGo", (_InOneGo,), {"seeds": seeds})
        return _timed([in_one_go(engine, "o" * 32, claim, settings)])


def add_options(parser: argparse.ArgumentParser) -> None:
    names = [spec.name for spec in class_claims()]
    parser.add_argument("--claim", nargs="+", choices=names, default=names)
    parser.add_argument("--students", type=int, default=30)


def measure(claim: Sequence[str] | None = None, students: int = 30) -> Iterator[dict[str, Any]]:
    for name in claim or [spec.name for spec in class_claims()]:
        ours, figure = _class_side(name, students)
        plan = ClassPlan(experiment=name, dataset="helmets", base=PROPOSED_BASE, weights=usual_weights(PROPOSED_BASE))
        theirs = _one_person_side(name, plan.settings(), range(1, students + 1))
        alone = _one_person_side(name, plan.settings().model_copy(update={"pool": None}), range(2))
        yield {
            "case": f"{name}: a class of {students} against one person with the same grid",
            "ours_s": round(ours["s"], 1),
            "theirs_s": round(theirs["s"], 1),
            "ratio": round(theirs["s"] / ours["s"], 2),
            "ours_cpu_s": round(ours["cpu_s"], 1),
            "theirs_cpu_s": round(theirs["cpu_s"], 1),
            "without_pool_s": round(alone["s"] / 2, 1),
            "without_pool_cpu_s": round(alone["cpu_s"] / 2, 1),
            "margin_points": round(100 * figure.margin, 2),
        }
