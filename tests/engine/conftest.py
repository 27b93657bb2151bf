"""One cluster of real workers for all tests of the engine."""

from __future__ import annotations

import pytest

from tests.engine import jobs
from tlcore.engine import register_task

JOBS = (
    jobs.count,
    jobs.wait_until_stopped,
    jobs.take,
    jobs.take_minutes,
    jobs.never_answer,
    jobs.refuse,
    jobs.break_down,
    jobs.return_a_model,
    jobs.fit,
)


@pytest.fixture(autouse=True, scope="session")
def registered_jobs() -> None:
    for function in JOBS:
        register_task(function, kind="training")
