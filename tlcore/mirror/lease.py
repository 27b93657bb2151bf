"""A sign in the store that somebody works on a folder now, which nobody has to take away when that process dies."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType

from ..errors import StorageError
from .mirror import Mirror
from .versions import Stamp

RENEWED_EVERY_S = 2.0
_LAPSES_AFTER_S = 4 * RENEWED_EVERY_S  # a worker that translates a network hears nothing for seconds
_SIGN = ".held"


class Lease:
    """The sign of one holder; while the `with` block runs it is renewed again and again.

    Args:
        mirror: Of this home.
        folder: That is worked on.

    Raises:
        StorageError: The store does not answer.
    """

    def __init__(self, mirror: Mirror, folder: str) -> None:
        self._remote, self._path = mirror.remote, f"{folder}/{_SIGN}"
        self._word = secrets.token_hex(8)
        self._ended = threading.Event()
        self._renewing = threading.Thread(target=self._renew, name="lease", daemon=True)

    def __enter__(self) -> Lease:
        self._write()
        self._renewing.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._renewing.join()
        with suppress(StorageError):  # it lapses by itself
            self._remote.delete([self._path])

    def _write(self) -> None:
        self._remote.write(self._path, f"{self._word} {time.monotonic()}".encode())

    def _renew(self) -> None:
        while not self._ended.wait(RENEWED_EVERY_S):
            with suppress(StorageError):  # the store comes back, or whoever takes over finds the same checkpoint
                self._write()


def is_held(listed: Mapping[str, Stamp]) -> bool:
    """Whether the sign on a folder is of this moment, as far as the clocks of this machine and of the store agree.

    Args:
        listed: The files of the folder in the store.
    """
    sign = listed.get(_SIGN)
    return sign is not None and time.time() - sign.modified_s < _LAPSES_AFTER_S


def is_renewed(mirror: Mirror, folder: str) -> bool:
    """The same for certain: an old sign is looked at until it is renewed, or should have been.

    Raises:
        StorageError: The store does not answer.
    """
    path = f"{folder}/{_SIGN}"
    first, deadline_s = mirror.remote.read(path), time.monotonic() + _LAPSES_AFTER_S
    if first is None:
        return False
    pause = threading.Event()
    while time.monotonic() < deadline_s:
        pause.wait(RENEWED_EVERY_S / 4)
        sign = mirror.remote.read(path)
        if sign != first:
            return sign is not None
    return False
