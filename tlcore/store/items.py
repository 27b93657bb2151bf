"""What a session keeps: items, their files, and items that are being written."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class StoredItem:
    """Something a session keeps.

    Attributes:
        item_id: 32 hexadecimal digits.
        kind: "uploads", "recordings", "datasets", "runs", "unfinished" or "lesson".
        name: As a person called it; to be shown, never to be used as a path.
        details: Plain facts about it, as JSON can hold them.
        num_bytes: Size of its files.
        created_s: Seconds since the epoch.
        number: Of the session's items of this kind, the first being 1, which stays when older ones are deleted; 0 for
            one that an earlier version kept.
    """

    item_id: str
    kind: str
    name: str
    details: dict[str, Any]
    num_bytes: int
    created_s: float
    number: int = 0

    @property
    def title(self) -> str:
        """Number and name, since names may be alike; to be shown."""
        return f"{self.number}. {self.name}"


@dataclass(frozen=True)
class StoredFile:
    """A file of an item.

    Attributes:
        name: Of the file.
        num_bytes: Its size.
        read: Gives its content.
    """

    name: str
    num_bytes: int
    read: Callable[[], bytes]


@dataclass
class Draft:
    """An item being written: put files into `folder` and facts into `details`."""

    item_id: str
    folder: Path
    details: dict[str, Any] = field(default_factory=dict)


def bytes_in(folder: Path) -> int:
    """Size of all files below a folder; those that vanish meanwhile count nothing."""
    total = 0
    for root, _folders, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                total += (Path(root) / name).stat().st_size
    return total
