"""What the runs of a class add up to: each run's own number, the answer as it grew, the board."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from ..experiments import ExperimentSpec, Outcome, Result, get_experiment
from ..experiments.measuring.cache import recall
from ..experiments.measuring.seeds import cells_of_seed
from ..experiments.specification import Figure, Verdict
from .state import Classroom, Member


@dataclass(frozen=True)
class StudentRun:
    """The run of one student, all of whose cells are measured.

    Attributes:
        member: The student.
        value: The number of the claim in this run alone, for example a difference of two accuracies.
        seconds: That measuring took.
        measured_at: When it ended, UTC, as text that can be sorted.
        outcomes: Its cells.
    """

    member: Member
    value: float
    seconds: float
    measured_at: str
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class GrowingAnswer:
    """What was known after so many runs.

    Attributes:
        runs: How many.
        value: The number of the claim over all of them.
        margin: The interval is `value` ± this, and the claim stays unclear while it holds zero.
        verdict: At that moment.
    """

    runs: int
    value: float
    margin: float
    verdict: Verdict


@dataclass(frozen=True)
class BoardPoint:
    """One measurement of one student, for the board.

    Attributes:
        member: The student.
        way: What was measured: a text or name of the claim's table.
        accuracy: Balanced, on the test images of the run.
        trained_parameters: Numbers that were learned; None where the claim does not count them.
        seconds: That it took.
    """

    member: Member
    way: Any
    accuracy: float
    trained_parameters: int | None
    seconds: float


@dataclass(frozen=True)
class RoomResult:
    """What a class has measured so far.

    Attributes:
        runs: One a student who has finished, in the order in which they did.
        growth: After each of them.
        result: Of all of them together, as the claim sums them up; None before the first.
        board: All measurements that have an accuracy.
    """

    runs: tuple[StudentRun, ...] = ()
    growth: tuple[GrowingAnswer, ...] = ()
    result: Result | None = None
    board: tuple[BoardPoint, ...] = ()

    @property
    def median(self) -> float | None:
        """Of the runs' own numbers."""
        return median(run.value for run in self.runs) if self.runs else None

    def run_of(self, member: Member) -> StudentRun | None:
        """The run of a student; None while it is not measured."""
        return next((run for run in self.runs if run.member.member_id == member.member_id), None)


def room_result(classroom: Classroom, members: Sequence[Member]) -> RoomResult:
    """Looks up what of the class is measured; computes nothing but sums.

    A run is the cells of its seed: whoever measured them, and also if the student has left meanwhile. One that nobody
    has asked for does not count.

    Args:
        classroom: The class.
        members: Its students.
    """
    spec, records = get_experiment(classroom.plan.experiment), _Records()
    runs: list[StudentRun] = []
    board: list[BoardPoint] = []
    for member in members:
        run = None if member.started_s is None else _run_of(spec, classroom, member, records)
        if run is not None:
            runs.append(run)
            board += _board(spec, run, records)
    runs.sort(key=lambda run: (run.measured_at, run.member.number))
    growth = _growth(spec, runs)
    result = spec.summarise(together(runs)) if runs else None
    return RoomResult(tuple(runs), growth, result, tuple(board))


def together(runs: Iterable[StudentRun]) -> list[Outcome]:
    """The outcomes of several runs; what no seed changes is in each of them and counts once."""
    found: dict[str, Outcome] = {}
    for run in runs:
        for outcome in run.outcomes:
            found.setdefault(repr(outcome.cell), outcome)
    return list(found.values())


class _Records:
    """What is kept of cells, each read once."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, Any] | None] = {}

    def of(self, name: str, cell: dict[str, Any]) -> dict[str, Any] | None:
        key = repr(cell)
        if key not in self._known:
            self._known[key] = recall(name, cell)
        return self._known[key]


def _run_of(spec: ExperimentSpec, classroom: Classroom, member: Member, records: _Records) -> StudentRun | None:
    cells = cells_of_seed(spec.name, classroom.settings, member.seed)
    found = [(cell, records.of(spec.name, cell)) for cell in cells]
    kept = [(cell, record) for cell, record in found if record is not None]
    if len(kept) < len(cells):
        return None
    outcomes = tuple(Outcome(cell, record["values"]) for cell, record in kept)
    figure = _figure(spec, outcomes)
    if figure is None:
        return None
    return StudentRun(
        member,
        figure.quantity.value,
        sum(record["seconds"] for cell, record in kept if "seed" in cell),
        max(str(record.get("measured_at", "")) for _cell, record in kept),
        outcomes,
    )


def _figure(spec: ExperimentSpec, outcomes: Sequence[Outcome]) -> Figure | None:
    return spec.summarise(outcomes).figure


def _growth(spec: ExperimentSpec, runs: Sequence[StudentRun]) -> tuple[GrowingAnswer, ...]:
    grown = []
    for count in range(1, len(runs) + 1):
        result = spec.summarise(together(runs[:count]))
        if result.figure is not None:
            margin = result.figure.margin or 0.0
            grown.append(GrowingAnswer(count, result.figure.quantity.value, margin, result.verdict))
    return tuple(grown)


def _board(spec: ExperimentSpec, run: StudentRun, records: _Records) -> list[BoardPoint]:
    points = []
    for outcome in run.outcomes:
        accuracy, record = outcome.values.get("accuracy"), records.of(spec.name, outcome.cell)
        alone = spec.summarise([outcome])
        if accuracy is None or record is None or not alone.rows:
            continue
        way = alone.rows[0][alone.columns[0].key]
        parameters = outcome.values.get("trained_parameters")
        points.append(BoardPoint(run.member, way, accuracy, parameters, record["seconds"]))
    return points
