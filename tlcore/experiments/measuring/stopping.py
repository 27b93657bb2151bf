"""A measurement that is asked to stop leaves at its next joint: what people ask for is not kept waiting by a part."""

from __future__ import annotations

from collections.abc import Callable

from ...features.forward import StoppedError
from ..specification import Watcher


def leave_if_asked(watcher: Watcher) -> None:
    """To be called between two things that take a while.

    Raises:
        StoppedError: The measurement is to stop.
    """
    if watcher.should_stop():
        raise StoppedError


def leaving(watcher: Watcher) -> Callable[[int, int], None]:
    """The same as a `progress` of what runs a network over many images."""

    def look(done: int, total: int) -> None:
        leave_if_asked(watcher)

    return look
