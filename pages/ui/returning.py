"""A reloaded page is a new session for Streamlit; the engine still knows the browser's jobs, so they are taken up."""

from __future__ import annotations

from typing import Any

from pages.ui.features.state import SURVEY_JOB
from pages.ui.jobs import job_of
from pages.ui.owner import owner
from pages.ui.state import (
    APP_RESTORED,
    DATASETS_CHOSEN,
    DATASETS_JOB,
    EXTRACTION_FEATURES_JOB,
    EXTRACTION_JOB,
    PREDICTION_JOB,
    Key,
)
from pages.ui.tasks import EXTRACTION_PAGE
from tlcore.engine import JobView, get_engine

_PLACES: dict[str, Key[Any]] = {
    "preview_dataset": DATASETS_JOB,
    "import_dataset": DATASETS_JOB,
    "open_dataset": DATASETS_JOB,
    "extract_features": EXTRACTION_FEATURES_JOB,
    "survey_features": SURVEY_JOB,
    "train": EXTRACTION_JOB,
    "predict": PREDICTION_JOB,
}


def take_up_jobs() -> None:
    """Once a session: puts the newest job of each kind where its page looks for it."""
    if APP_RESTORED.get():
        return
    APP_RESTORED.set(True)
    for view in get_engine().jobs(owner()):  # newest first
        place = _PLACES.get(view.task)
        if place is not None and place.get() is None and _belongs(view):
            place.set(view.job_id)
        if place is DATASETS_JOB and view.result and DATASETS_CHOSEN.get() is None:
            DATASETS_CHOSEN.set(view.result)


def take_up_images() -> None:
    """In every run: images whose preparation has ended are the chosen ones, whichever page is open by then."""
    view = job_of(DATASETS_JOB)
    if view is not None and view.state == "done" and view.result is not None:
        DATASETS_CHOSEN.set(view.result)


def _belongs(view: JobView) -> bool:
    """Training is also done by other pages, which find their own runs."""
    begun = next((event for event in view.events if event.get("kind") == "begin"), {})
    return view.task != "train" or begun.get("page") == EXTRACTION_PAGE
