"""A run of an experiment on an engine that loses its workers."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tlcore.errors import JobFailedError, TransferLearningError, WorkerLostError
from tlcore.experiments import ExperimentSettings, get_experiment
from tlcore.experiments.measuring.cache import recall
from tlcore.experiments.measuring.jobs import MeasuredCell, measure_cell
from tlcore.experiments.measuring.sweep import MAX_ATTEMPTS, Sweep

SETTINGS = ExperimentSettings(weights="random", image_size=32, num_images=60, seeds=1)


class BreakingEngine:
    """Ends every job at once: the first ones with an error, the others with a measurement."""

    def __init__(self, error: TransferLearningError, failures: int) -> None:
        self.errors = [error] * failures
        self.views: list[Any] = []

    def submit(self, owner: str, task: str, arguments: Any, *, group: str) -> str:
        error = self.errors.pop() if self.errors else None
        result = MeasuredCell({"accuracy": 0.5}, 1.0)
        state = "failed" if error else "done"
        view = SimpleNamespace(finished=True, state=state, error=error, result=None if error else result)
        self.views.append(view)
        return str(len(self.views) - 1)

    def job(self, job_id: str, owner: str) -> Any:
        return self.views[int(job_id)]

    def cancel(self, job_id: str, owner: str) -> None:
        """All have ended."""


def end_of(error: TransferLearningError, failures: int) -> Sweep:
    engine = BreakingEngine(error, failures)
    sweep = Sweep(engine, "e" * 32, "generality", SETTINGS)  # type: ignore[arg-type]
    for _ in range(MAX_ATTEMPTS + 2):
        sweep.advance()
    return sweep


def test_a_cell_whose_worker_was_lost_is_measured_again_and_costs_no_other() -> None:
    sweep = end_of(WorkerLostError("lost"), 2)
    assert (sweep.state, sweep.done) == ("done", len(sweep.cells))


@pytest.mark.parametrize(("error", "failures"), [(WorkerLostError("lost"), 1000), (JobFailedError("bad cell"), 1)])
def test_what_breaks_every_time_ends_the_run_with_its_reason(error: TransferLearningError, failures: int) -> None:
    sweep = end_of(error, failures)
    assert (sweep.state, sweep.error) == ("failed", error)


def test_a_cell_that_made_way_is_measured_again() -> None:
    engine = BreakingEngine(WorkerLostError("lost"), 0)
    sweep = Sweep(engine, "e" * 32, "generality", SETTINGS)  # type: ignore[arg-type]
    sweep.advance()
    engine.views[0].result = MeasuredCell({}, 1.0, stopped=True)
    engine.views[1].result = None  # left its computation at once
    sweep.advance()
    assert (sweep.state, sweep.done) == ("running", len(sweep.cells) - 2)
    sweep.advance()
    assert (sweep.state, sweep.done) == ("done", len(sweep.cells))


class Asked:
    """Watches a measurement; asks it to stop at the n-th look."""

    def __init__(self, looks: int) -> None:
        self.looks = looks

    def emit(self, event: dict[str, Any]) -> None:
        """Nobody reads it."""

    def should_stop(self) -> bool:
        self.looks -= 1
        return self.looks < 0


@pytest.mark.parametrize(("name", "looks"), [("three_ways", 0), ("three_ways", 1)])
def test_a_part_that_is_to_make_way_leaves_before_the_long_things_and_measures_nothing(name: str, looks: int) -> None:
    cell = get_experiment(name).grid(SETTINGS)[0]
    measured = measure_cell(Asked(looks), experiment=name, cell=cell, again=True)
    assert (measured.stopped, measured.values) == (True, {})
    assert recall(name, cell) is None
