"""All cells of an experiment as many small jobs on the engine, a few at a time."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, Any, Literal

from ...errors import InvalidArgumentError, QueueFullError, TransferLearningError
from ...settings import get_settings
from ..registry import get_experiment
from ..specification import ExperimentSettings, Outcome, Result
from .cache import recall
from .jobs import measure_cell

if TYPE_CHECKING:
    from ...engine import Engine, JobView

#: Cells in the engine at once. Workers that are there take them at the same time, the others wait in the queue, so
#: that a worker that has finished finds the next one without being told. Fewer where strangers share the machine.
SLOTS, HOSTED_SLOTS = 4, 2


class Sweep:
    """One run of an experiment. Nothing here waits: call `advance` now and then until `state` is not "running".

    The engine runs one job of an owner at a time, which is fair to others but would leave a cluster idle; each slot is
    therefore an owner of its own, derived from the session's.

    Args:
        engine: Where the cells go.
        owner: Token of the session.
        name: Name of the experiment.
        settings: What to measure.
        again: Measure also what was measured on this machine before.
        slots: Cells in the engine at once.
    """

    def __init__(
        self,
        engine: Engine,
        owner: str,
        name: str,
        settings: ExperimentSettings,
        *,
        again: bool = False,
        slots: int | None = None,
    ) -> None:
        from ...engine import register_task

        register_task(measure_cell, kind="training")
        self.spec = get_experiment(name)
        self.settings = settings
        self.error: TransferLearningError | None = None
        self._engine = engine
        self._again = again
        count = slots or (HOSTED_SLOTS if get_settings().hosted else SLOTS)
        self._slots = [f"{owner}-{name}-{number}" for number in range(count)]
        self._jobs: dict[str, tuple[int, str]] = {}  # slot -> cell, job
        self._records: dict[int, dict[str, Any]] = {}
        self._cancelled = False
        self._lock = threading.Lock()  # two tabs of one browser may look after the same run
        self.cells = self.spec.grid(settings)
        self._waiting = deque(index for index in range(len(self.cells)) if again or not self._recall(index))

    def _recall(self, index: int) -> bool:
        record = recall(self.spec.name, self.cells[index])
        if record is not None:
            self._records[index] = {**record, "recalled": True}
        return record is not None

    @property
    def state(self) -> Literal["running", "done", "failed", "cancelled"]:
        if self.error is not None:
            return "failed"
        if self._cancelled:
            return "cancelled"
        return "done" if len(self._records) == len(self.cells) else "running"

    @property
    def done(self) -> int:
        """How many cells are measured."""
        return len(self._records)

    @property
    def recalled(self) -> int:
        """How many of them were measured here before."""
        return sum(bool(record.get("recalled")) for record in self._records.values())

    @property
    def seconds(self) -> float:
        """Seconds that the measured cells took, together."""
        return float(sum(record["seconds"] for record in self._records.values()))

    @property
    def seconds_measured(self) -> float:
        """Seconds that the cells of this run took, those that were recalled left out."""
        return float(sum(record["seconds"] for record in self._records.values() if not record.get("recalled")))

    @property
    def outcomes(self) -> list[Outcome]:
        """What is measured so far, in the order of the grid."""
        records = sorted(self._records.copy().items())
        return [Outcome(self.cells[index], record["values"]) for index, record in records]

    @property
    def running(self) -> list[JobView]:
        """The jobs in the engine."""
        known = {slot: {view.job_id: view for view in self._engine.jobs(slot)} for slot in self._slots}
        jobs = ((slot, job_id) for slot, (_, job_id) in list(self._jobs.items()))
        return [known[slot][job_id] for slot, job_id in jobs if job_id in known[slot]]

    def result(self) -> Result | None:
        """What the cells measured so far add up to; None before the first."""
        return self.spec.summarise(self.outcomes) if self._records else None

    def advance(self) -> None:
        """Takes what has finished and gives the engine new cells."""
        with self._lock:
            for slot in list(self._jobs):
                self._collect(slot)
            if self.state == "running":
                self._submit()

    def cancel(self) -> None:
        """Stops the cells that run; what is measured stays."""
        with self._lock:
            self._cancelled = True
            self._stop_jobs()

    def _collect(self, slot: str) -> None:
        index, job_id = self._jobs[slot]
        try:
            view = self._engine.job(job_id, slot)
        except InvalidArgumentError:  # nobody looked for so long that the engine forgot it
            del self._jobs[slot]
            if not self._recall(index):
                self._waiting.appendleft(index)
            return
        if not view.finished:
            return
        del self._jobs[slot]
        if view.state == "done" and not view.result["stopped"]:
            self._records[index] = view.result
        elif view.error is not None and self.error is None:
            self.error = view.error
            self._stop_jobs()
        elif view.state == "cancelled":
            self._cancelled = True

    def _submit(self) -> None:
        for slot in self._slots:
            if slot in self._jobs or not self._waiting:
                continue
            index = self._waiting[0]
            arguments = {"experiment": self.spec.name, "cell": self.cells[index], "again": self._again}
            try:
                job_id = self._engine.submit(slot, measure_cell.__name__, arguments)
            except QueueFullError:
                return  # others wait too; the next call tries again
            self._waiting.popleft()
            self._jobs[slot] = (index, job_id)

    def _stop_jobs(self) -> None:
        for slot, (_, job_id) in self._jobs.items():
            self._engine.cancel(job_id, slot)
