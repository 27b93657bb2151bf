"""What this home knows to be alike here and in the store: by it, changes on either side are told apart."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..files import write_atomically

_Known = tuple[str, str]


@dataclass
class Record:
    """Of one folder: for each file the state here and in the store when both were alike.

    Attributes:
        path: Where it is kept.
        files: Name -> (state here, see `state_of`; version in the store).
    """

    path: Path
    files: dict[str, _Known]

    @classmethod
    def read(cls, path: Path) -> Record:
        """An empty one where nothing is kept, or it is damaged: then all is compared anew."""
        try:
            known = json.loads(path.read_text("utf-8"))
            return cls(path, {str(name): (str(here), str(there)) for name, (here, there) in known.items()})
        except (OSError, ValueError, AttributeError):
            return cls(path, {})

    def write(self) -> None:
        """Keeps it."""
        write_atomically(self.path, json.dumps(self.files))

    def forget(self) -> None:
        """As if nothing had been alike ever."""
        self.files = {}
        self.path.unlink(missing_ok=True)


def state_of(file: Path) -> str | None:
    """Another text after each change of a file; None where there is none.

    Descriptions count by their content: to look at a thing touches its description, and is no change.
    """
    try:
        if file.suffix != ".json":
            status = file.stat()
            return f"{status.st_size}-{status.st_mtime_ns}"
        return hashlib.blake2b(file.read_bytes(), digest_size=16).hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return None


def files_in(folder: Path) -> Iterator[str]:
    """Paths below a folder of the files that belong into the store: no drafts, no locks."""
    for path in folder.rglob("*"):
        if not path.name.startswith(".") and path.name != "lock" and path.is_file():
            yield path.relative_to(folder).as_posix()
