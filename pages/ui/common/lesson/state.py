"""What a session remembers of the guided lesson; `progress` keeps it beyond the session."""

from __future__ import annotations

from pages.ui.common.state import Key
from tlcore.store.lesson import LessonProgress

PROGRESS: Key[LessonProgress | None] = Key("lesson.progress", None)  # None: not read yet in this session


def answer_key(question: str, place: str) -> Key[int | None]:
    """The chosen answer of a question, as the widget has it that asks it in this place."""
    return Key(f"lesson.{place}.{question}", None)
