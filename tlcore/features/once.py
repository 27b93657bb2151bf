"""Of the processes that want the same entry of the cache one computes it; the others wait, and tell how far it is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import locket

from tlcore.settings import get_settings

from .forward import Progress, ShouldStop, StoppedError

_LOOK_EVERY_S = 0.2
_TELL_EVERY_S = 0.5


@dataclass
class Turn:
    """The turn of a process to compute an entry.

    Attributes:
        waited: Whether another process had it before: the entry may be there now.
        progress: Where this one tells how far it is.
    """

    waited: bool
    progress: Progress | None


@contextmanager
def my_turn(key: str, *, progress: Progress | None, should_stop: ShouldStop | None) -> Iterator[Turn]:
    """Waits until no other process computes the entry called `key`.

    The system takes a turn away from a process that ends, however it ends. Where the disk takes no file nobody is
    waited for: the entry is computed twice then.

    Args:
        key: Of the entry.
        progress: Called while this waits with how far the other process is; what it raises ends the waiting.
        should_stop: Asked while this waits.

    Raises:
        StoppedError: `should_stop` said so.
    """
    lock = get_settings().home / "features-computing" / f"{key}.lock"
    told = lock.with_suffix(".progress")
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        lock.touch()
    except OSError:
        yield Turn(False, progress)
        return
    waited = False
    while not (turn := _try(lock)):
        waited = True
        if should_stop is not None and should_stop():
            raise StoppedError
        _pass_on(told, progress)
        time.sleep(_LOOK_EVERY_S)
    try:
        yield Turn(waited, _telling(told, progress))
    finally:
        for file in (told, lock):  # while it is still held: who comes now finds the entry
            with suppress(OSError):
                file.unlink(missing_ok=True)
        turn.release()


def _try(lock: Path) -> Any:
    """What holds the lock, to be released; None where another process does."""
    turn = locket.lock_file(str(lock), timeout=0)
    try:
        turn.acquire()
    except locket.LockError:
        return None
    return turn


def _pass_on(told: Path, progress: Progress | None) -> None:
    if progress is None:
        return
    try:
        done, total = map(int, told.read_text().split())
    except (OSError, ValueError):  # nothing is told yet, or it is being written
        done, total = 0, 1
    progress(done, total)


def _telling(told: Path, progress: Progress | None) -> Progress:
    last_s = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal last_s
        if time.monotonic() - last_s > _TELL_EVERY_S:
            last_s = time.monotonic()
            with suppress(OSError):
                told.write_text(f"{done} {total}")
        if progress is not None:
            progress(done, total)

    return tell
