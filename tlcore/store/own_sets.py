"""The name by which jobs know a session's own set of images on every machine, whatever its home is."""

from __future__ import annotations

import re
from pathlib import Path

from ..mirror import get_mirror
from ..settings import get_settings
from .lifetimes import DESCRIPTION

_NAME = re.compile(r"(owners/[0-9a-f]{32}/datasets/[0-9a-f]{32})(/edition-[0-9a-f]{16}\.json)?")


def own_set_name(path: Path) -> str:
    """Of a set in the home of this process, or of an edition of it, see `editions.edition_path`."""
    return path.relative_to(get_settings().home.absolute()).as_posix()


def is_own_set(name: str) -> bool:
    """Whether `own_set_name` gives such names; what has one never changes."""
    return _NAME.fullmatch(name) is not None


def own_set_path(name: str) -> Path:
    """Where such a set lies here, fetched if need be. Any other path is taken for what it is.

    Raises:
        StorageError: The store does not answer.
    """
    found = _NAME.fullmatch(name)
    if found is None:
        return Path(name)
    mirror = get_mirror()
    if mirror is not None:
        mirror.pull(found[1], mirror.listing(found[1]), manifest=DESCRIPTION)
    return get_settings().home.absolute() / name
