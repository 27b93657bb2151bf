"""Waiting for a store that does not answer."""

from __future__ import annotations

import time
from collections.abc import Callable

from ..errors import StorageError

ASK_EVERY_S = 6.0  # when `RemoteStore` asks again, too


def patiently(call: Callable[[], None], patience_s: float, *, pause: Callable[[float], object] = time.sleep) -> None:
    """Calls something until the store answers, for a while.

    Args:
        call: May be called several times.
        patience_s: For how long; 0 calls once.
        pause: Waits for so many seconds.

    Raises:
        StorageError: The store has not answered in that time.
    """
    deadline_s = time.monotonic() + patience_s
    while True:
        try:
            return call()
        except StorageError:
            if time.monotonic() + ASK_EVERY_S > deadline_s:
                raise
            pause(ASK_EVERY_S)
