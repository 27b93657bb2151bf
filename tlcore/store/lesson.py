"""How far a person has come in the guided lesson, kept with what else the session keeps.

One item of the kind "lesson" a session, whose details are a `LessonProgress`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from pydantic import BaseModel, ConfigDict, ValidationError

from .owner_store import OwnerStore

Fact: TypeAlias = str | int | float | bool | None


class LessonProgress(BaseModel):
    """What a person has done in the lesson.

    Attributes:
        step: Name of the step where the lesson stands; "" before it was begun.
        is_open: Whether the step is to be shown.
        answers: Question -> index of the choice that was answered last.
        done: What really happened -> facts about it, as they were the last time.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    step: str = ""
    is_open: bool = False
    answers: dict[str, int] = {}
    done: dict[str, dict[str, Fact]] = {}


def read_progress(store: OwnerStore) -> LessonProgress:
    """Of this session; a new one where none is kept, or one that another version kept otherwise."""
    item_id = store.last_used("lesson")
    if item_id is None:
        return LessonProgress()
    try:
        return LessonProgress.model_validate(store.details("lesson", item_id))
    except ValidationError:
        return LessonProgress()


def change_progress(store: OwnerStore, change: Callable[[LessonProgress], LessonProgress]) -> LessonProgress:
    """Changes what is kept, as it is now, so that two windows of one person lose nothing of each other.

    Args:
        store: Of the session.
        change: Makes the new progress from the kept one.

    Returns:
        The new progress, which is kept.

    Raises:
        InvalidArgumentError: The session's quota is used up.
    """
    progress = change(read_progress(store))
    item_id = store.last_used("lesson")
    if item_id is None:
        with store.draft("lesson", name="lesson") as draft:
            draft.details.update(progress.model_dump())
    else:
        store.set_details("lesson", item_id, progress.model_dump())
    return progress
