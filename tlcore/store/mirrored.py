"""The items of a session where replicas and workers share no disk: those here and those in the store are made alike."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractContextManager, nullcontext, suppress

from ..errors import StorageError
from ..mirror import Lease, Stamp, get_mirror
from ..mirror.lease import is_held, is_renewed
from ..settings import Settings
from .lifetimes import DESCRIPTION

_OWNERS = "owners"
_NOTED_S = 3600.0  # a use is noted this often, or more often where things expire sooner


class MirroredItems:
    """The items of one session; without a store every method does nothing.

    Args:
        settings: Home, store and expiry.
        digest: Name of the session's folder.

    Attributes:
        root: That folder.
    """

    def __init__(self, settings: Settings, digest: str) -> None:
        self._mirror = get_mirror(settings)
        self._folder = f"{_OWNERS}/{digest}"
        self.root = settings.home.absolute() / _OWNERS / digest
        self._noted_s = min(_NOTED_S, settings.expiry_s / 24)

    def fetch(self, kind: str, item_id: str, only: Collection[str] | None = None) -> None:
        """Makes an item alike, as far as it is wanted; counts as using it.

        Args:
            kind: Of the item.
            item_id: Of the item.
            only: Names of files; all without it.

        Raises:
            StorageError: The store does not answer.
        """
        if self._mirror is None:
            return
        folder = f"{self._folder}/{kind}/{item_id}"
        listed = self._listed(kind, item_id)
        if DESCRIPTION not in listed:
            listed = self._listed(kind, item_id, fresh=True)
        self._mirror.pull(folder, listed, manifest=DESCRIPTION, only=only)
        if DESCRIPTION in listed:
            with suppress(StorageError):
                self._mirror.note_use(folder, listed, self._noted_s)
        elif (self.root / kind / item_id / DESCRIPTION).is_file():
            with suppress(StorageError):  # it was made when the store did not answer
                self._mirror.push(folder, manifest=DESCRIPTION, patience_s=0)

    def fetch_descriptions(self, kind: str) -> None:
        """Makes the descriptions of all items of a kind alike; no use of them.

        Raises:
            StorageError: The store does not answer.
        """
        if self._mirror is None:
            return
        here = self.root / kind
        names = {path.name for path in here.iterdir()} if here.is_dir() else set()
        for item_id in names | {name.split("/")[1] for name in self._of_kind(kind)}:
            listed = self._listed(kind, item_id)
            self._mirror.pull(f"{self._folder}/{kind}/{item_id}", listed, manifest=DESCRIPTION, only=(DESCRIPTION,))

    def keep(
        self, kind: str, item_id: str, only: Collection[str] | None = None, *, patience_s: float | None = None
    ) -> None:
        """Uploads what of an item was changed here.

        Args:
            kind: Of the item.
            item_id: Of the item.
            only: Names of files; all without it.
            patience_s: How long to wait for a store that does not answer; without it, as this process has it.

        Raises:
            StorageError: The store does not answer.
        """
        if self._mirror is not None:
            self._mirror.push(
                f"{self._folder}/{kind}/{item_id}", manifest=DESCRIPTION, only=only, patience_s=patience_s
            )

    def keep_changed(self, since_s: float) -> None:
        """Uploads what of the session was changed here since then, in seconds since the epoch.

        Raises:
            StorageError: The store does not answer.
        """
        if self._mirror is None:
            return
        for path in self.root.glob(f"*/*/{DESCRIPTION}"):
            with suppress(FileNotFoundError):  # deleted meanwhile
                if path.parent.stat().st_mtime >= since_s:
                    self.keep(path.parent.parent.name, path.parent.name)

    def delete(self, kind: str, item_id: str) -> None:
        """Deletes an item in the store.

        Raises:
            StorageError: The store does not answer.
        """
        if self._mirror is not None:
            self._mirror.delete(f"{self._folder}/{kind}/{item_id}", manifest=DESCRIPTION)

    def num_bytes(self, kind: str = "", item_id: str = "") -> int | None:
        """Size in the store: of an item, or of all the session's; None without a store.

        Raises:
            StorageError: The store does not answer.
        """
        if self._mirror is None:
            return None
        listed = self._listed(kind, item_id) if item_id else self._mirror.listing(self._folder)
        return sum(stamp.num_bytes for stamp in listed.values())

    def lease(self, kind: str, item_id: str) -> AbstractContextManager[object]:
        """A sign that somebody works on an item, as long as the block runs.

        Raises:
            StorageError: The store does not answer.
        """
        return nullcontext() if self._mirror is None else Lease(self._mirror, f"{self._folder}/{kind}/{item_id}")

    def is_leased(self, kind: str, item_id: str, *, certain: bool) -> bool:
        """Whether somebody works on an item.

        Args:
            kind: Of the item.
            item_id: Of the item.
            certain: Wait some seconds, if need be, for a sign that the last sign is not that of a dead process.

        Raises:
            StorageError: The store does not answer.
        """
        if self._mirror is None:
            return False
        if certain:
            return is_renewed(self._mirror, f"{self._folder}/{kind}/{item_id}")
        return is_held(self._listed(kind, item_id))

    def _of_kind(self, kind: str) -> list[str]:
        listed = {} if self._mirror is None else self._mirror.listing(self._folder)
        return [name for name in listed if name.startswith(f"{kind}/") and name.endswith(f"/{DESCRIPTION}")]

    def _listed(self, kind: str, item_id: str, *, fresh: bool = False) -> dict[str, Stamp]:
        listed = {} if self._mirror is None else self._mirror.listing(self._folder, fresh=fresh)
        start = f"{kind}/{item_id}/"
        return {name[len(start) :]: stamp for name, stamp in listed.items() if name.startswith(start)}
