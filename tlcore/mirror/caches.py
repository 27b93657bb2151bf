"""What is computed again where it is missing: shared through the store where there is one, and never waited for.

A store that does not answer costs time here, no result. All paths are below the home, and the same in the store.
"""

from __future__ import annotations

import logging
from contextlib import suppress

from ..errors import StorageError
from ..files import write_atomically
from ..settings import get_settings
from .mirror import get_mirror
from .whole import fetch_whole, has_whole, keep_whole

logger = logging.getLogger(__name__)


def keep_file(path: str) -> None:
    """Uploads a small file that was written here."""
    with suppress(StorageError):  # it is uploaded when the home is tidied next
        mirror = get_mirror()
        if mirror is not None:
            mirror.remote.write(path, (get_settings().home / path).read_bytes())
            mirror.forget_listings()


def fetch_file(path: str) -> None:
    """Fetches a small file that is not here, if the store has it."""
    target = get_settings().home / path
    with suppress(StorageError):
        mirror = get_mirror()
        if mirror is None or target.is_file():
            return
        root, _, name = path.partition("/")
        if name in mirror.listing(root):
            content = mirror.remote.read(path)
            if content is not None:
                write_atomically(target, content)


def keep_missing_files(root: str) -> None:
    """Uploads what below a folder was written while the store did not answer.

    Raises:
        StorageError: It does not now.
    """
    mirror, home = get_mirror(), get_settings().home
    if mirror is None:
        return
    listed = mirror.listing(root, fresh=True)
    for path in (home / root).rglob("*.json"):
        if path.relative_to(home / root).as_posix() not in listed:
            keep_file(path.relative_to(home).as_posix())


def keep_folder(folder: str) -> None:
    """Uploads a folder that never changes from now on."""
    try:
        mirror = get_mirror()
        if mirror is not None:
            keep_whole(mirror, folder)
    except StorageError:
        logger.warning("The store did not take what others would have had to compute again")


def fetch_folder(folder: str) -> bool:
    """Whether a folder is here now that the store had."""
    with suppress(StorageError):
        mirror = get_mirror()
        return mirror is not None and fetch_whole(mirror, folder)
    return False


def is_in_store(folder: str) -> bool:
    """Whether `fetch_folder` would fetch it."""
    with suppress(StorageError):
        mirror = get_mirror()
        return mirror is not None and has_whole(mirror, folder)
    return False
