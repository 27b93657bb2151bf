"""How much a session, and all of them together, may store."""

from __future__ import annotations

import time
from functools import lru_cache
from pathlib import Path

from ..errors import InvalidArgumentError
from ..mirror import Mirror, get_mirror
from ..settings import Settings
from ..translatable import N_
from .items import bytes_in

_OWNERS = "owners"
_COUNTED_FOR_S = 60  # the files of all are counted anew each minute
_MB = 1024**2


def check_quotas(used: int, more: int, settings: Settings) -> None:
    """Refuses what would not fit.

    Args:
        used: Bytes that the session has stored.
        more: Bytes that it wants to store now.
        settings: `owner_quota_bytes`, and `server_quota_bytes` for all that lies in the store, or in the home.

    Raises:
        StorageError: The store does not answer.
        InvalidArgumentError: It says how much may be stored, and what to do.
    """
    limit = settings.owner_quota_bytes
    if used + more > limit:
        raise InvalidArgumentError(
            N_("Expected a session to store at most {limit} MB; this would make {used} MB. Delete a run or images."),
            limit=limit // _MB,
            used=(used + more) // _MB,
        )
    mirror, minute = get_mirror(settings), int(time.monotonic() / _COUNTED_FOR_S)
    here = settings.home.absolute() / _OWNERS
    of_all = (_bytes_of_all(here, minute) if mirror is None else _bytes_in_store(mirror, minute)) + more
    if of_all > settings.server_quota_bytes:
        raise InvalidArgumentError(
            N_(
                "Expected all sessions of this lab to store at most {limit} MB; this would make {used} MB. Delete what "
                "you no longer need, or come back later: what nobody uses is deleted after {hours} hours."
            ),
            limit=settings.server_quota_bytes // _MB,
            used=of_all // _MB,
            hours=round(settings.expiry_s / 3600, 1),
        )


@lru_cache(maxsize=4)
def _bytes_of_all(folder: Path, _minute: int) -> int:
    return bytes_in(folder)


@lru_cache(maxsize=4)
def _bytes_in_store(mirror: Mirror, _minute: int) -> int:
    return sum(stamp.num_bytes for stamp in mirror.listing(_OWNERS, fresh=True).values())
