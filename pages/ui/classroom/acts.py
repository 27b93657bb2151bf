"""What a click does to a class: callbacks, each of which ends well or leaves a sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pages.ui.classroom.room import forget_room
from pages.ui.classroom.state import CODE, FAULT
from pages.ui.common.messages import show_error
from tlcore.classroom import Classroom, ClassStore, normalized_code
from tlcore.errors import TransferLearningError


def act(what: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """Does something to a class; the page then shows what came of it, or the sentence why not."""
    try:
        done = what(*arguments, **options)
    except TransferLearningError as error:
        FAULT.set(error)
        return None
    FAULT.set(None)
    forget_room()
    return done


def show_fault() -> None:
    """The sentence of the last click, until the next one goes well."""
    fault = FAULT.get()
    if fault is not None:
        show_error(fault)


def go_to(code: str) -> None:
    """Puts a class on the screen, or says that there is none with this code."""
    if act(ClassStore().get, code) is not None:
        CODE.set(normalized_code(code))


def leave() -> None:
    """Takes the class off the screen; who comes back is who they were."""
    CODE.set("")
    FAULT.set(None)


def current_class() -> Classroom | None:
    """The class that the link asks for; where there is none, that is said."""
    code = CODE.get()
    if not code:
        return None
    try:
        classroom = ClassStore().get(code)
    except TransferLearningError as error:
        leave()
        FAULT.set(error)
        return None
    CODE.set(classroom.code)
    return classroom
