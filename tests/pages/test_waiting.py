"""What is said of a job that waits, from what the queue knows of it."""

from __future__ import annotations

import pytest

from pages.ui.common.waiting import waiting_text
from tests.engine import jobs
from tlcore.engine.job import Job, Occupation


def text(**place: object) -> str:
    job = Job("id", "owner", "train", jobs.count, "training", {})
    return waiting_text(job.view(**{"position": 2, "estimate_s": None, **place}))


@pytest.mark.usefixtures("in_english")
def test_place_people_and_work_of_others_are_said_without_names() -> None:
    said = text(people_before=1, meanwhile=(Occupation("measure_cell", own=False, part=True),) * 2, estimate_s=15.2)
    assert said == (
        "Waiting for a free worker: place 2 in the queue. 1 other person is before you. Now: an experiment of another "
        "visitor, which gives way after each small part. About 15 s, going by earlier jobs. You can go on with other "
        "pages meanwhile: the job keeps its place."
    )
    assert "About 5 min" in text(estimate_s=300.0)
    assert "About" not in text(), "nothing is said that is not known"
    assert "other" not in text(meanwhile=()).replace("other pages", "")


@pytest.mark.usefixtures("in_portuguese")
def test_the_same_in_portuguese() -> None:
    said = text(people_before=3, meanwhile=(Occupation("train", own=False, part=False),))
    assert "3 outras pessoas" in said
    assert "visitante" in said
