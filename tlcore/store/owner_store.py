"""The files of one session.

```
TLCORE_HOME/owners/<hash of the owner's token>/<kind>/<item>/item.json and the item's files
```

The token itself is not on disk, so who can list the disk cannot become a session. Item ids are random and names that
people gave are only ever contents of `item.json`, never parts of a path.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal, get_args

from fsspec.implementations.local import LocalFileSystem

from ..errors import InvalidArgumentError, StorageError
from ..files import write_atomically
from ..settings import Settings, get_settings
from ..translatable import N_
from .expiry import expire_if_due
from .items import Draft, StoredFile, StoredItem, bytes_in
from .lifetimes import DESCRIPTION, UNFINISHED
from .mirrored import MirroredItems
from .quotas import check_quotas

ItemKind = Literal["uploads", "recordings", "datasets", "runs", "unfinished", "lesson"]
KINDS: tuple[ItemKind, ...] = get_args(ItemKind)
CONTENT = "content"

_OWNER = re.compile(r"[A-Za-z0-9_-]{16,128}")
_ITEM = re.compile(r"[0-9a-f]{32}")
_FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")
_MAX_NAME = 200


def new_owner() -> str:
    """A token for a new session; nobody can guess it."""
    return secrets.token_hex(16)


class OwnerStore:
    """The files of one session, all others out of reach.

    Args:
        owner: Token of the session, as `new_owner` makes it.
        settings: Home, quota and expiry; those of this process without it.

    Raises:
        InvalidArgumentError: The token is none.

    Example:
        ```python
        store = OwnerStore(owner)
        item_id = store.add("uploads", archive_bytes, name="photos.zip")
        tlcore.import_dataset(store.path("uploads", item_id), name=store.item("uploads", item_id).name)
        ```
    """

    def __init__(self, owner: str, settings: Settings | None = None) -> None:
        if not isinstance(owner, str) or not _OWNER.fullmatch(owner):
            raise InvalidArgumentError(
                N_("Expected the token of a session, 16 to 128 letters, digits, _ or -. Reload the page to get one.")
            )
        self._settings = settings or get_settings()
        self._files = LocalFileSystem(auto_mkdir=True)
        digest = hashlib.sha256(owner.encode()).hexdigest()[:32]
        self._root = self._settings.home.absolute() / "owners" / digest
        self.mirrored = MirroredItems(self._settings, digest)

    def add(self, kind: ItemKind, content: bytes, *, name: str, details: dict[str, Any] | None = None) -> str:
        """Keeps one file; returns the item's id.

        Raises:
            InvalidArgumentError: It is larger than an upload may be, or the session's quota is used up.
        """
        if len(content) > self._settings.max_upload_bytes:
            raise InvalidArgumentError(
                N_("Expected a file of at most {limit} MB. {name} has {size} MB. Use fewer or smaller images."),
                limit=self._settings.max_upload_bytes // 1024**2,
                name=name,
                size=len(content) // 1024**2,
            )
        self._check_quota(len(content))
        with self.draft(kind, name=name) as draft:
            self._files.pipe_file(str(draft.folder / CONTENT), content)
            draft.details.update(details or {})
        return draft.item_id

    @contextmanager
    def draft(self, kind: ItemKind, *, name: str) -> Iterator[Draft]:
        """An item of several files: it appears, whole, when the `with` block ends, and not at all if that fails.

        Raises:
            InvalidArgumentError: The session's quota is used up.
        """
        expire_if_due(self._settings)
        draft = Draft(secrets.token_hex(16), self._root / f"{UNFINISHED}{secrets.token_hex(8)}")
        self._files.makedirs(str(draft.folder), exist_ok=True)
        try:
            yield draft
            with suppress(StorageError):  # what is finished is kept here then, and goes to the store when it answers
                self._check_quota(0)
                self.mirrored.fetch_descriptions(_checked_kind(kind))
            description = {
                "name": name[:_MAX_NAME],
                "details": draft.details,
                "created_s": time.time(),
                "number": 1 + max((item.number for item in self._items_here(kind)), default=0),
            }
            self._files.pipe_file(str(draft.folder / DESCRIPTION), json.dumps(description).encode())
            self._files.mv(str(draft.folder), str(self._root / _checked_kind(kind) / draft.item_id), recursive=True)
            self.mirrored.keep(kind, draft.item_id)
        finally:
            if draft.folder.exists():
                self._files.rm(str(draft.folder), recursive=True)

    def rename(self, kind: ItemKind, item_id: str, name: str) -> None:
        """Calls an item something else.

        Raises:
            InvalidArgumentError: This session has no such item.
        """
        self._describe(kind, item_id, name=name[:_MAX_NAME])

    def add_files(self, kind: ItemKind, item_id: str, files: Mapping[str, bytes]) -> None:
        """Puts more files into an item, each in one step; one of a name that is there takes its place.

        Raises:
            InvalidArgumentError: This session has no such item, a name is no plain file name, or the session's quota
                is used up; then no file is kept.
        """
        folder = self._used(kind, item_id, (DESCRIPTION,))
        for name in files:
            _check_file(name)
        self._check_quota(sum(map(len, files.values())))
        for name, content in files.items():
            write_atomically(folder / name, content)
        self.mirrored.keep(kind, item_id, files)

    def set_details(self, kind: ItemKind, item_id: str, details: dict[str, Any]) -> None:
        """Replaces the facts about an item.

        Raises:
            InvalidArgumentError: This session has no such item.
        """
        self._describe(kind, item_id, details=details)

    def _describe(self, kind: ItemKind, item_id: str, **facts: Any) -> None:
        path = self._folder(kind, item_id, (DESCRIPTION,)) / DESCRIPTION
        write_atomically(path, json.dumps({**json.loads(self._files.cat_file(str(path))), **facts}))
        self.mirrored.keep(kind, item_id, (DESCRIPTION,))

    def item(self, kind: ItemKind, item_id: str) -> StoredItem:
        """Facts about an item; counts as using it.

        Raises:
            InvalidArgumentError: This session has no such item.
        """
        return self._item(kind, item_id, self._used(kind, item_id, (DESCRIPTION,)))

    def _item(self, kind: ItemKind, item_id: str, folder: Path) -> StoredItem:
        description = json.loads(self._files.cat_file(str(folder / DESCRIPTION)))
        size = bytes_in(folder)
        with suppress(StorageError):  # of what lies here as a whole, it is known without
            size = self.mirrored.num_bytes(kind, item_id) or size
        return StoredItem(item_id=item_id, kind=kind, num_bytes=size, **description)

    def path(self, kind: ItemKind, item_id: str, file: str = CONTENT) -> Path:
        """Where a file of an item lies, for libraries that read paths; counts as using the item.

        Raises:
            InvalidArgumentError: This session has no such item, or `file` is no plain file name.
        """
        _check_file(file)
        return self._used(kind, item_id, (DESCRIPTION, file)) / file

    def file(self, kind: ItemKind, item_id: str, file: str = CONTENT) -> StoredFile:
        """A file of an item, to be handed to a person; counts as using the item.

        Raises:
            InvalidArgumentError: This session has no such item, the item no such file, or `file` is no plain file name.
        """
        path = self.path(kind, item_id, file)
        try:
            return StoredFile(file, path.stat().st_size, path.read_bytes)
        except FileNotFoundError as error:
            raise InvalidArgumentError(N_("Expected a file that is kept. Received: {value!r}."), value=file) from error

    def folder(self, kind: ItemKind, item_id: str) -> Path:
        """Where all files of an item lie; counts as using the item.

        Raises:
            InvalidArgumentError: This session has no such item.
        """
        return self._used(kind, item_id)

    def _used(self, kind: ItemKind, item_id: str, only: Collection[str] | None = None) -> Path:
        folder = self._folder(kind, item_id, only)
        self._files.touch(str(folder / DESCRIPTION), truncate=False)
        return folder

    def items(self, kind: ItemKind) -> list[StoredItem]:
        """All items of a kind, newest first; to list them is no use of them."""
        self.mirrored.fetch_descriptions(_checked_kind(kind))
        return sorted(self._items_here(kind), key=lambda item: item.created_s, reverse=True)

    def _items_here(self, kind: ItemKind) -> Iterator[StoredItem]:
        folder = self._root / _checked_kind(kind)
        for name in [path.name for path in folder.iterdir()] if folder.is_dir() else []:
            with suppress(FileNotFoundError):  # deleted meanwhile
                if self._has(kind, name):
                    yield self._item(kind, name, folder / name)

    def last_used(self, kind: ItemKind) -> str | None:
        """Id of the item of a kind that was used last, found without a look at its files; None where there is none."""
        self.mirrored.fetch_descriptions(_checked_kind(kind))
        used: list[tuple[float, str]] = []
        for path in (self._root / kind).glob(f"*/{DESCRIPTION}"):
            with suppress(FileNotFoundError):  # deleted meanwhile
                used.append((path.stat().st_mtime, path.parent.name))
        return max(used)[1] if used else None

    def details(self, kind: ItemKind, item_id: str) -> dict[str, Any]:
        """The facts about an item alone; counts as using it.

        Raises:
            InvalidArgumentError: This session has no such item.
        """
        path = self._used(kind, item_id, (DESCRIPTION,)) / DESCRIPTION
        return dict(json.loads(self._files.cat_file(str(path)))["details"])

    def delete(self, kind: ItemKind, item_id: str) -> None:
        """Deletes an item.

        Raises:
            InvalidArgumentError: This session has no such item.
        """
        folder = self._folder(kind, item_id, (DESCRIPTION,))
        self.mirrored.delete(kind, item_id)
        self._files.rm(str(folder), recursive=True)

    def used_bytes(self) -> int:
        """Size of all files of this session."""
        with suppress(StorageError):  # then what lies here is what is known
            stored = self.mirrored.num_bytes()
            if stored is not None:
                return stored + sum(map(bytes_in, self._root.glob(f"{UNFINISHED}*")))
        return bytes_in(self._root)

    def room_bytes(self) -> int:
        """What this session may still store."""
        return max(0, self._settings.owner_quota_bytes - self.used_bytes())

    def _has(self, kind: ItemKind, item_id: str) -> bool:
        return bool(_ITEM.fullmatch(item_id)) and (self._root / kind / item_id / DESCRIPTION).is_file()

    def _folder(self, kind: ItemKind, item_id: str, only: Collection[str] | None = None) -> Path:
        """Where an item lies; `only` these of its files have to be there. Without it all are."""
        if isinstance(item_id, str) and _ITEM.fullmatch(item_id):
            self.mirrored.fetch(_checked_kind(kind), item_id, only)
        if not isinstance(item_id, str) or not self._has(_checked_kind(kind), item_id):
            raise InvalidArgumentError(
                N_(
                    "Expected something that this session has stored. It was not found: things that are not used are "
                    "deleted after {hours} hours. Upload it or make it again."
                ),
                hours=round(self._settings.expiry_s / 3600, 1),
            )
        return self._root / kind / item_id

    def _check_quota(self, more: int) -> None:
        check_quotas(self.used_bytes(), more, self._settings)


def _check_file(file: str) -> None:
    if not _FILE.fullmatch(file):
        raise InvalidArgumentError(N_("Expected a plain file name. Received: {value!r}."), value=file)


def _checked_kind(kind: str) -> ItemKind:
    for known in KINDS:
        if kind == known:
            return known
    raise InvalidArgumentError(
        N_("Expected `kind` to be one of {names}. Received: {value!r}."), names=KINDS, value=kind
    )
