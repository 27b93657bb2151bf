"""One cluster of real workers for all tests of the engine."""

from __future__ import annotations

import pytest

from tlcore.engine import register_task

JOBS = ("count", "wait_until_stopped", "take", "never_answer", "refuse", "break_down", "return_a_model", "fit")


@pytest.fixture(autouse=True, scope="session")
def registered_jobs() -> None:
    for name in JOBS:
        register_task(f"tests.engine.jobs:{name}", kind="training")
