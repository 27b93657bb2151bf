"""A class on real workers: what its students find one by one is what as many runs find in one go.

Thirty are measured by `python -m benchmarks classroom`; sixteen are enough to see it.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.conftest import wait_until
from tlcore.classroom import ClassPlan, ClassRun, ClassStore, RoomResult, room_result
from tlcore.engine import Engine
from tlcore.experiments import Cell
from tlcore.experiments.measuring.seeds import cells_of_seeds
from tlcore.experiments.measuring.sweep import Sweep

TEACHER, STUDENTS = "t" * 32, 16
PLAN = ClassPlan(experiment="dense_layers", dataset="digits", base="VGG16Slim", weights="embedded")
TINY = {"image_size": 32, "num_images": 60, "pool": 300}


class InOneGo(Sweep):
    """All runs of the class as one person measures them, nothing recalled."""

    seeds: range

    def _grid(self) -> list[Cell]:
        return cells_of_seeds(self.spec.name, self.settings, self.seeds)


def test_a_class_arrives_at_the_verdict_of_as_many_runs_made_in_one_go(engine: Engine) -> None:
    store = ClassStore()
    code = store.open(TEACHER, PLAN)
    classroom = replace(store.get(code), settings=store.get(code).settings.model_copy(update=TINY))
    owners = [f"{number:032d}" for number in range(STUDENTS)]
    members = [store.join(code, owner, f"student {int(owner)}") for owner in owners]
    store.change(code, TEACHER, paused=True)
    runs = [ClassRun(engine, owner, classroom, member.seed) for owner, member in zip(owners, members, strict=True)]
    for owner, run in zip(owners, runs, strict=True):
        store.note_start(code, owner)
        run.advance()
    wait_until(lambda: not any(run.unfinished for run in runs), 250)
    assert room_result(classroom, store.members(code)) == RoomResult(), "nothing is measured while the class is paused"

    store.change(code, TEACHER, paused=False)
    *who_stay, _who_leaves = runs
    for run in runs:
        run.advance()  # the last time for the one who leaves

    def all_measured() -> bool:
        for run in who_stay:
            run.advance()
        return len(room_result(classroom, store.members(code)).runs) == STUDENTS

    wait_until(all_measured, 250, lambda: [run.error for run in runs])
    room = room_result(classroom, store.members(code))
    assert room.result is not None
    assert [answer.runs for answer in room.growth] == list(range(1, STUDENTS + 1))
    assert room.growth[-1].margin < room.growth[0].margin / 2
    assert {point.member.number for point in room.board} == set(range(1, STUDENTS + 1))
    assert all(point.trained_parameters for point in room.board)

    InOneGo.seeds = range(members[0].seed, members[0].seed + STUDENTS)
    one_go = InOneGo(engine, "g" * 32, PLAN.experiment, classroom.settings, again=True)

    def finished() -> bool:
        one_go.advance()
        return one_go.state != "running"

    wait_until(finished, 250, lambda: one_go.error)
    result = one_go.result()
    assert result is not None
    assert one_go.recalled == 0
    assert (room.result.verdict, room.result.takeaway) == (result.verdict, result.takeaway)
    assert room.result.figure is not None
    assert result.figure is not None
    assert room.growth[-1].value == pytest.approx(result.figure.quantity.value)
    assert room.growth[-1].verdict == result.verdict

    returned = ClassRun(engine, owners[-1], classroom, members[-1].seed)
    assert returned.state == "done", "who left finds their run"
    store.erase(code, TEACHER)
    late = ClassRun(engine, "n" * 32, classroom, members[-1].seed + 1)
    late.advance()
    wait_until(lambda: not late.unfinished, 60)
    assert late.done == 2, "what no seed changes is known; nothing is measured for a class that is gone"
