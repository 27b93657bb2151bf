"""How often a page looks at a job."""

from __future__ import annotations

import time
from typing import Any

import pytest

from pages.ui.common.jobs import in_a_crowd_s, look_again_s, pace_at
from pages.ui.experiments.run import POLL_S
from tests.engine import jobs
from tlcore.engine.job import Job


def looked_at(age_s: float | None = None, *, estimate_s: float | None = None, queued: int = 0) -> float:
    """Seconds between two looks at a job that has run for so long, or waits."""
    job = Job("job", "owner", "count", jobs.count, "training", {})
    if age_s is not None:
        job.state, job.started_s = "running", time.time() - age_s
    return look_again_s(job.view(position=1, estimate_s=estimate_s), 0.5, queued)


def test_a_young_job_is_looked_at_as_often_as_a_person_can_follow_and_an_old_one_seldom() -> None:
    assert [looked_at(age_s) for age_s in (0, 30, 300)] == [0.5, 1.0, 2.0]


@pytest.mark.parametrize(("waiting", "seconds"), [({}, 1.0), ({"estimate_s": 2.5}, 2.5), ({"estimate_s": 90.0}, 3.0)])
def test_one_that_waits_is_looked_at_when_its_turn_should_come(waiting: dict[str, Any], seconds: float) -> None:
    assert looked_at(**waiting) == seconds


def test_in_a_crowd_all_look_more_seldom() -> None:
    assert [looked_at(0, queued=queued) for queued in (9, 10, 25, 200)] == [0.5, 1.0, 1.5, 3.0]


def test_an_experiment_is_looked_at_more_and_more_seldom_too() -> None:
    assert [in_a_crowd_s(POLL_S * pace_at(age_s), 0) for age_s in (0, 30, 300)] == [1.0, 2.0, 3.0]
