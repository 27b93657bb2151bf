"""Deletes what has not been used for a while, of all sessions."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from fsspec.implementations.local import LocalFileSystem

from ..settings import Settings, get_settings
from .lifetimes import CLASS, CLASS_LIFETIME_S, DESCRIPTION, UNFINISHED, UNFINISHED_EXPIRY_S, lifetime_of
from .mirrored_expiry import expire_in_store, forget_in_mirror

INTERVAL_S = 600.0
_STAMP = "last_expiry"


def expire_if_due(settings: Settings | None = None) -> list[Path]:
    """Calls `expire` if nobody has for ten minutes."""
    settings = settings or get_settings()
    stamp = settings.home.absolute() / "owners" / _STAMP
    with suppress(OSError):
        if time.time() - stamp.stat().st_mtime < INTERVAL_S:
            return []
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.touch()
    return expire(settings)


def expire(settings: Settings | None = None, *, now_s: float | None = None) -> list[Path]:
    """Deletes every item that was not used for `expiry_s`, what was left unfinished, and classes of yesterday.

    Args:
        settings: Home and expiry; those of this process without it.
        now_s: Seconds since the epoch; the clock's without it.

    Returns:
        The folders that were deleted.
    """
    settings = settings or get_settings()
    now_s = time.time() if now_s is None else now_s
    files, home = LocalFileSystem(), settings.home.absolute()
    deleted = []
    for folder, used_s, lifetime_s in (*_items(home / "owners", settings.expiry_s), *_classes(home / "classes")):
        if now_s - used_s > lifetime_s:
            with suppress(FileNotFoundError):  # another process expires the same things
                files.rm(str(folder), recursive=True)
                deleted.append(folder)
                forget_in_mirror(settings, folder)
    expire_in_store(settings, now_s)
    return deleted


def _items(root: Path, expiry_s: float) -> Iterator[tuple[Path, float, float]]:
    """Each item's folder, when it was last used, and how long it may stay unused."""
    owners = [path for path in root.iterdir() if path.is_dir()] if root.is_dir() else []
    for owner in owners:
        candidates = [(folder, folder, UNFINISHED_EXPIRY_S) for folder in owner.glob(f"{UNFINISHED}*")]
        for file in owner.glob(f"*/*/{DESCRIPTION}"):
            candidates.append((file.parent, file, lifetime_of(file.parent.parent.name, expiry_s)))
        for folder, sign_of_use, lifetime_s in candidates:
            with suppress(FileNotFoundError):  # finished, or deleted by another process, since it was listed
                yield folder, sign_of_use.stat().st_mtime, lifetime_s


def _classes(root: Path) -> Iterator[tuple[Path, float, float]]:
    """Each class's folder, when it began, and how long it lasts; one without its file was erased meanwhile."""
    for folder in root.iterdir() if root.is_dir() else ():
        with suppress(FileNotFoundError):
            document = folder / CLASS
            yield folder, (document if document.exists() else folder).stat().st_mtime, CLASS_LIFETIME_S
