"""All cells of an experiment as many small jobs of one group on the engine."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal

from ...errors import InvalidArgumentError, QueueFullError, TransferLearningError, WorkerLostError
from ..registry import get_experiment
from ..specification import Cell, ExperimentSettings, Outcome, Result
from .cache import recall
from .jobs import MeasuredCell, measure_cell

if TYPE_CHECKING:
    from ...engine import Engine, JobView


MAX_ATTEMPTS = 3  # for a cell whose worker was lost while it was measured


class Sweep:
    """One run of an experiment. Nothing here waits: call `advance` now and then until `state` is not "running".

    Args:
        engine: Where the cells go.
        owner: Token of the session.
        name: Name of the experiment.
        settings: What to measure.
        again: Measure also what was measured on this machine before.

    Attributes:
        task: What the engine is asked for with each cell; gives a `MeasuredCell`.
    """

    task: Callable[..., MeasuredCell] = staticmethod(measure_cell)

    def __init__(
        self,
        engine: Engine,
        owner: str,
        name: str,
        settings: ExperimentSettings,
        *,
        again: bool = False,
    ) -> None:
        from ...engine import register_task

        register_task(self.task, kind="training", shared=True)
        self.spec = get_experiment(name)
        self.settings = settings
        self.error: TransferLearningError | None = None
        self._engine = engine
        self._again = again
        self._owner = owner
        self._jobs: dict[str, int] = {}  # job -> cell
        self._records: dict[int, MeasuredCell] = {}
        self._lost: Counter[int] = Counter()  # cell -> workers that it has lost
        self._cancelled = False
        self._lock = threading.Lock()  # two tabs of one browser may look after the same run
        self._began_s = time.monotonic()
        self.cells = self._grid()
        self._waiting = deque(index for index in range(len(self.cells)) if again or not self._recall(index))

    def _grid(self) -> list[Cell]:
        return self.spec.grid(self.settings)

    def _arguments(self, cell: Cell) -> dict[str, Any]:
        """Of the task, for one cell."""
        return {"experiment": self.spec.name, "cell": cell, "again": self._again}

    def _recall(self, index: int) -> bool:
        record = recall(self.spec.name, self.cells[index])
        if record is not None:
            self._records[index] = MeasuredCell(record["values"], record["seconds"], recalled=True)
        return record is not None

    @property
    def state(self) -> Literal["running", "done", "failed", "cancelled"]:
        """Where the measuring stands."""
        if self.error is not None:
            return "failed"
        if self._cancelled:
            return "cancelled"
        return "done" if len(self._records) == len(self.cells) else "running"

    @property
    def age_s(self) -> float:
        """Seconds since it was asked for."""
        return time.monotonic() - self._began_s

    @property
    def done(self) -> int:
        """How many cells are measured."""
        return len(self._records)

    @property
    def recalled(self) -> int:
        """How many of them were measured here before."""
        return sum(record.recalled for record in self._records.values())

    @property
    def seconds(self) -> float:
        """Seconds that the measured cells took, together."""
        return sum(record.seconds for record in self._records.values())

    @property
    def seconds_measured(self) -> float:
        """Seconds that the cells of this run took, those that were recalled left out."""
        return sum(record.seconds for record in self._records.values() if not record.recalled)

    @property
    def outcomes(self) -> list[Outcome]:
        """What is measured so far, in the order of the grid."""
        records = sorted(self._records.copy().items())
        return [Outcome(self.cells[index], record.values) for index, record in records]

    @property
    def unfinished(self) -> list[JobView]:
        """The jobs in the engine, those that run first."""
        views = [view for view in self._engine.jobs(self._owner) if view.job_id in self._jobs and not view.finished]
        return sorted(views, key=lambda view: view.position)

    def result(self) -> Result | None:
        """What the cells measured so far add up to; None before the first."""
        return self.spec.summarise(self.outcomes) if self._records else None

    def advance(self) -> None:
        """Gives the engine the cells that it does not have, takes what has finished."""
        with self._lock:
            for job_id in list(self._jobs):
                self._collect(job_id)
            if self.state == "running":
                self._submit()

    def cancel(self) -> None:
        """Stops the cells that run; what is measured stays."""
        with self._lock:
            self._cancelled = True
            self._stop_jobs()

    def _collect(self, job_id: str) -> None:
        index = self._jobs[job_id]
        try:
            view = self._engine.job(job_id, self._owner)
        except InvalidArgumentError:  # nobody looked for so long that the engine forgot it
            del self._jobs[job_id]
            if not self._recall(index):
                self._waiting.append(index)
            return
        if not view.finished:
            return
        del self._jobs[job_id]
        if view.state == "done" and view.result is not None and not view.result.stopped:
            self._records[index] = view.result
        elif view.state == "done":
            self._waiting.appendleft(index)  # it made way for what somebody asked for
        elif isinstance(view.error, WorkerLostError) and self._lost[index] < MAX_ATTEMPTS - 1:
            self._lost[index] += 1  # most likely of something else: one cell less does not cost the others
            self._waiting.append(index)
        elif view.error is not None and self.error is None:
            self.error = view.error
            self._stop_jobs()
        elif view.state == "cancelled":
            self._cancelled = True
            self._stop_jobs()

    def _submit(self) -> None:
        group = f"experiment {self.spec.name}"
        while self._waiting:
            arguments = self._arguments(self.cells[self._waiting[0]])
            try:
                job_id = self._engine.submit(self._owner, self.task.__name__, arguments, group=group)
            except QueueFullError:
                return  # others wait too; the next call tries again
            self._jobs[job_id] = self._waiting.popleft()

    def _stop_jobs(self) -> None:
        for job_id in self._jobs:
            with suppress(InvalidArgumentError):  # it ended so long ago that the engine forgot it
                self._engine.cancel(job_id, self._owner)
