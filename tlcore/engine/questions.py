"""Which jobs ask for the same, so that it is computed once: a whole class extracts the same set with the same base."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

if TYPE_CHECKING:
    from .registry import Task

_OWN = ("item", "run_id")  # fields of references that name something in a session's store


def question_of(task: Task, owner: str, arguments: dict[str, Any]) -> str | None:
    """What a job asks, in one string; None where each job is to be done for itself.

    Args:
        task: That it is of.
        owner: Token of the session.
        arguments: Of the task. What is in a session's store is asked for by that session only.
    """
    if not task.shared:
        return None
    asker = owner if any(_names_own(value) for value in arguments.values()) else ""
    return repr((task.name, asker, sorted(arguments.items())))


def _names_own(value: Any) -> bool:
    if isinstance(value, BaseModel):
        fields: Iterable[tuple[str, Any]] = list(value)
        return any((name in _OWN and part is not None) or _names_own(part) for name, part in fields)
    return False
