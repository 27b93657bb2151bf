"""Folders that never change once they are there: features, prepared sets of images, fetched ones."""

from __future__ import annotations

import os
import shutil
import time

from .mirror import Mirror
from .remote import LISTED_FOR_S

WHOLE = ".whole"  # written last

_known: set[str] = set()  # to be in the store
_missing: dict[str, float] = {}  # when each was looked for last


def keep_whole(mirror: Mirror, folder: str) -> None:
    """Uploads a folder, with those in it.

    Raises:
        StorageError: The store does not answer.
    """
    here = mirror.home / folder
    files = {f"{folder}/{path.relative_to(here).as_posix()}": path for path in here.rglob("*") if path.is_file()}
    if not has_whole(mirror, folder):
        mirror.remote.upload(files)
        mirror.remote.write(f"{folder}/{WHOLE}", b"")
        _known.add(_name(mirror, folder))


def has_whole(mirror: Mirror, folder: str) -> bool:
    """Whether `keep_whole` has brought a folder into the store.

    Raises:
        StorageError: The store does not answer.
    """
    name = _name(mirror, folder)
    asked_s = _missing.get(name, 0.0)
    if name not in _known and not (asked_s and time.monotonic() - asked_s < LISTED_FOR_S):
        if mirror.remote.read(f"{folder}/{WHOLE}") is not None:
            _known.add(name)
        else:
            _missing[name] = time.monotonic()
    return name in _known


def fetch_whole(mirror: Mirror, folder: str) -> bool:
    """Fetches a folder that `keep_whole` has uploaded; it appears here in one step. False where there is none.

    Raises:
        StorageError: The store does not answer.
    """
    here = mirror.home / folder
    if not has_whole(mirror, folder):
        return False
    with mirror.held(folder):
        if here.exists():
            return True
        draft = here.with_name(f".unfinished-{here.name}-{os.getpid()}")
        try:
            names = [name for name in mirror.remote.listing(folder) if name != WHOLE]
            mirror.remote.download({f"{folder}/{name}": draft / name for name in names})
            draft.rename(here)
        except FileNotFoundError:  # deleted meanwhile
            _known.discard(_name(mirror, folder))
            return False
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return True


def _name(mirror: Mirror, folder: str) -> str:
    return f"{mirror.remote.identity}/{folder}"
