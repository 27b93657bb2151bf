"""How far this browser has come in the lesson: read once a session, written when something happens."""

from __future__ import annotations

import logging
from collections.abc import Callable

from pages.ui.common.lesson.state import PROGRESS
from pages.ui.common.owner import owner
from tlcore.errors import TransferLearningError
from tlcore.store import OwnerStore
from tlcore.store.lesson import Fact, LessonProgress, change_progress, read_progress

logger = logging.getLogger(__name__)


def progress() -> LessonProgress:
    """Of this browser, also after a reload."""
    known = PROGRESS.get()
    if known is None:
        try:
            known = read_progress(OwnerStore(owner()))
        except (TransferLearningError, OSError):  # the page says so where it needs it; the next run reads it again
            return LessonProgress()
        PROGRESS.set(known)
    return known


def happened(what: str, **facts: Fact) -> None:
    """Ticks what the lesson asks for, because it really happened; call where the result is drawn.

    Args:
        what: A name that a step of the lesson waits for, or that its summary tells of.
        facts: What the summary says of it.
    """
    if progress().done.get(what) != facts:
        _change(lambda kept: kept.model_copy(update={"done": {**kept.done, what: facts}}))


def keep_answer(question: str, choice: int) -> None:
    """Keeps what was answered to a question."""
    _change(lambda kept: kept.model_copy(update={"answers": {**kept.answers, question: choice}}))


def go_to_step(step: str) -> None:
    """The lesson stands at this step from now on, and shows it."""
    _change(lambda kept: kept.model_copy(update={"step": step, "is_open": True}))


def close_lesson() -> None:
    """Takes the strip away; the lesson goes on from the same step when it is opened again."""
    _change(lambda kept: kept.model_copy(update={"is_open": False}))


def begin_anew() -> None:
    """Forgets what happened and what was answered; runs and images stay."""
    _change(lambda _kept: LessonProgress())


def _change(change: Callable[[LessonProgress], LessonProgress]) -> None:
    """Also where the disk takes nothing any more: then it lasts as long as the session."""
    try:
        PROGRESS.set(change_progress(OwnerStore(owner()), change))
    except (TransferLearningError, OSError):
        logger.warning("The progress of a lesson could not be kept", exc_info=True)
        PROGRESS.set(change(progress()))
