"""The editions of a kept set of images: each is an edit and the edition that it was made on.

```
<folder of the set>/edition-<digest>.json   {"parent": digest or "", "edit": {...}}; never changed
<folder of the set>/edition.json            {"edition": digest or ""}: the present one
```

A digest depends on all edits before it, so it names the same images and labels for ever: what was trained on an edition
still finds it after the person has gone on, or one step back.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InvalidArgumentError
from ..files import write_atomically
from ..translatable import N_

if TYPE_CHECKING:
    from ..datasets.edits import DatasetEdit

AS_BROUGHT = ""
PRESENT = "edition.json"
_DIGEST = re.compile(r"[0-9a-f]{16}")
_FILE = re.compile(r"edition-([0-9a-f]{16})\.json")


def add_edition(folder: Path, parent: str, edit: DatasetEdit) -> str:
    """Keeps an edit of an edition; returns the name of the edition that it makes, not yet the present one."""
    content = json.dumps({"parent": parent, "edit": edit.model_dump(mode="json")}, sort_keys=True)
    edition = hashlib.sha256(content.encode()).hexdigest()[:16]
    path = edition_path(folder, edition)
    if not path.is_file():
        write_atomically(path, content)
    return edition


def edits_of(folder: Path, edition: str) -> tuple[DatasetEdit, ...]:
    """All edits that lead to an edition, the first first.

    Raises:
        InvalidArgumentError: There is no such edition.
    """
    from pydantic import TypeAdapter

    from ..datasets.edits import DatasetEdit

    reader: TypeAdapter[DatasetEdit] = TypeAdapter(DatasetEdit)
    edits = []
    while edition != AS_BROUGHT:
        content = _read(folder, edition)
        edits.append(reader.validate_python(content["edit"]))
        edition = content["parent"]
    return tuple(reversed(edits))


def parent_of(folder: Path, edition: str) -> str:
    """The edition one step before.

    Raises:
        InvalidArgumentError: There is no such edition, or it is the set as brought.
    """
    parent: str = _read(folder, edition)["parent"]
    return parent


def present_edition(folder: Path) -> str:
    """The edition that is in use; `AS_BROUGHT` where there is none."""
    try:
        edition: str = json.loads((folder / PRESENT).read_text("utf-8"))["edition"]
    except FileNotFoundError:
        return AS_BROUGHT
    return edition


def set_present_edition(folder: Path, edition: str) -> None:
    """Says which edition is in use from now on."""
    write_atomically(folder / PRESENT, json.dumps({"edition": edition}))


def edition_path(folder: Path, edition: str) -> Path:
    """What names an edition where a path is asked for: its file, or the folder for the set as brought.

    Raises:
        InvalidArgumentError: That is no name of an edition.
    """
    if edition == AS_BROUGHT:
        return folder
    if not _DIGEST.fullmatch(edition):
        raise _unknown(edition)
    return folder / f"edition-{edition}.json"


def folder_and_edition(path: Path) -> tuple[Path, str]:
    """What `edition_path` was told."""
    match = _FILE.fullmatch(path.name)
    return (path.parent, match.group(1)) if match else (path, AS_BROUGHT)


def is_edition(file: Path) -> bool:
    """Whether a file of a set is about its editions, not about the set as brought."""
    return file.name == PRESENT or _FILE.fullmatch(file.name) is not None


def _read(folder: Path, edition: str) -> dict[str, str]:
    path = edition_path(folder, edition)
    if path == folder or not path.is_file():
        raise _unknown(edition)
    content: dict[str, str] = json.loads(path.read_text("utf-8"))
    return content


def _unknown(edition: str) -> InvalidArgumentError:
    return InvalidArgumentError(
        N_("Expected an edition of these images that is kept. Received: {value!r}. Choose the images again."),
        value=edition,
    )
