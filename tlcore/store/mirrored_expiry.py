"""Expiry where replicas and workers share a store: what nobody used anywhere is deleted there, then in each home."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import groupby
from pathlib import Path

from ..errors import StorageError
from ..mirror import Mirror, Stamp, get_mirror
from ..mirror.caches import keep_missing_files
from ..mirror.whole import WHOLE
from ..settings import Settings
from .lifetimes import CLASS, CLASS_LIFETIME_S, DESCRIPTION, UNFINISHED_EXPIRY_S, lifetime_of

logger = logging.getLogger(__name__)

Files = Mapping[str, Stamp]
_WHOLE_FOLDERS = ("features", "datasets")  # computed again by whoever needs them


def expire_in_store(settings: Settings, now_s: float) -> None:
    """Deletes in the store what nobody has used for `expiry_s`, and here what is gone there; uploads what is missing.

    A store that does not answer is tidied the next time.

    Args:
        settings: Home, store and expiry.
        now_s: Seconds since the epoch.
    """
    try:
        mirror = get_mirror(settings)
        if mirror is not None:
            _expire(mirror, settings, now_s)
            _tidy_home(mirror, settings.home.absolute())
            keep_missing_files("experiments")
            mirror.tidy()
    except StorageError:
        logger.warning("The store does not answer; what has expired there is deleted the next time")


def forget_in_mirror(settings: Settings, folder: Path) -> None:
    """A folder was deleted here because nobody used it here; if anybody did elsewhere, it is fetched again."""
    with suppress(StorageError):
        mirror = get_mirror(settings)
        if mirror is not None:
            mirror.forget(folder.relative_to(settings.home.absolute()).as_posix())


def _expire(mirror: Mirror, settings: Settings, now_s: float) -> None:
    for folder, files in _folders(mirror, "owners", 3):
        kind = folder.split("/")[2]
        stays_s = lifetime_of(kind, settings.expiry_s) if DESCRIPTION in files else UNFINISHED_EXPIRY_S
        if now_s - _last(files) > stays_s:
            mirror.delete(folder, manifest=DESCRIPTION)
    for folder, files in _folders(mirror, "classes", 1):
        if now_s - (files[CLASS].modified_s if CLASS in files else _last(files)) > CLASS_LIFETIME_S:
            mirror.delete(folder, manifest=CLASS)
    for root in _WHOLE_FOLDERS:
        for folder, files in _folders(mirror, root, 1):
            if now_s - _last(files) > settings.expiry_s:
                mirror.delete(folder, manifest=WHOLE)


def _tidy_home(mirror: Mirror, home: Path) -> None:
    """Also what nobody asks for: what was deleted elsewhere goes here, what could not be uploaded goes there."""
    for pattern, manifest in ((f"owners/*/*/*/{DESCRIPTION}", DESCRIPTION), (f"classes/*/{CLASS}", CLASS)):
        for path in home.glob(pattern):
            folder = path.parent.relative_to(home).as_posix()
            if mirror.is_known(folder):
                mirror.pull(folder, mirror.remote.listing(folder), manifest=manifest, only=(manifest,))
            mirror.push(folder, manifest=manifest, patience_s=0)


def _folders(mirror: Mirror, root: str, depth: int) -> Iterator[tuple[str, Files]]:
    """The folders so many levels below a root, with their files in the store."""
    listed = mirror.listing(root, fresh=True)

    def of(name: str) -> str:
        return "/".join(name.split("/")[:depth])

    for folder, names in groupby(sorted(name for name in listed if name.count("/") >= depth), key=of):
        yield f"{root}/{folder}", {name[len(folder) + 1 :]: listed[name] for name in names}


def _last(files: Files) -> float:
    return max(stamp.modified_s for stamp in files.values())
