"""How long Stop takes: from the click's `cancel` to the end of a real training, and of a job that never answers.

The aims are 1 s for a running fit and 12 s for a stuck job, its worker being back included.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

import numpy as np

from benchmarks.lecture import private_home
from tlcore.engine import Engine, JobContext, JobView, get_engine, register_task
from tlcore.engine.tasks.references import DatasetReference
from tlcore.training import TrainingSpec

REPEATS = 5
STUCK_REPEATS = 3
_LOOK_EVERY_S = 0.005
TRAINING = {
    "spec": TrainingSpec(base="VGG16Slim", method="fine_tuning", epochs=1, fine_tuning_epochs=200),
    "data": DatasetReference(name="helmets", num_images=200, image_size=(96, 96)),
}


def never_answer(context: JobContext) -> None:
    """A job that is stuck: it never looks whether it should stop."""
    context.emit({"kind": "note", "stuck": True})
    threading.Event().wait()


def answer(context: JobContext) -> bool:
    """Shows that a worker is there again."""
    return True


def measure() -> Iterator[dict[str, Any]]:
    """The median and the slowest of several, with real workers and an empty home."""
    for task in (never_answer, answer):
        register_task(task, kind="training")
    with private_home():
        engine = get_engine()
        try:
            _wait(lambda: engine.status().state == "ready")
            yield _row("a running fine-tuning", [_stop_training(engine) for _ in range(REPEATS)])
            yield _row("a stuck job, worker back", [_stop_stuck(engine) for _ in range(STUCK_REPEATS)])
        finally:
            engine.close()


def _row(case: str, taken_s: list[float]) -> dict[str, Any]:
    return {"case": case, "value": round(median(taken_s), 2), "unit": "s", "slowest": round(float(np.max(taken_s)), 2)}


def _stop_training(engine: Engine) -> float:
    owner = uuid.uuid4().hex
    job_id = engine.submit(owner, "train", TRAINING)
    fine_tuning = lambda job: any(event.get("phase") == "fine_tuning" for event in job.events)  # noqa: E731
    _wait_for(engine, job_id, owner, lambda job: job.finished or fine_tuning(job))
    started = time.perf_counter()
    engine.cancel(job_id, owner)
    _wait_for(engine, job_id, owner, lambda job: job.finished)
    return time.perf_counter() - started


def _stop_stuck(engine: Engine) -> float:
    owner = uuid.uuid4().hex
    job_id = engine.submit(owner, "never_answer")
    _wait_for(engine, job_id, owner, lambda job: job.finished or bool(job.events))
    started = time.perf_counter()
    engine.cancel(job_id, owner)
    following = engine.submit(owner, "answer")
    _wait_for(engine, following, owner, lambda job: job.finished)
    return time.perf_counter() - started


def _wait_for(engine: Engine, job_id: str, owner: str, condition: Callable[[JobView], bool]) -> None:
    _wait(lambda: condition(engine.job(job_id, owner)))
    job = engine.job(job_id, owner)
    if job.state == "failed":
        raise RuntimeError(f"The job failed, so that nothing was measured: {job.error}")


def _wait(condition: Callable[[], bool]) -> None:
    pause = threading.Event()
    while not condition():
        pause.wait(_LOOK_EVERY_S)
