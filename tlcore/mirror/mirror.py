"""Makes a home and the store alike, folder by folder."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from threading import Lock

import locket

from ..errors import StorageError
from ..settings import Settings, get_settings
from .patience import patiently
from .records import Record, files_in, state_of
from .remote import LISTED_FOR_S, RemoteStore, store_is_lost
from .versions import Stamp

USED = ".used"  # its time in the store says when a folder was used last
_LOCK_TIMEOUT_S = 60.0
_LOCK_STAYS_S = 3600.0
_FOLDER = "mirror"


class Mirror:
    """The store as one home sees it. Folders are named by their paths in the home, which are the same in the store.

    A folder is there once its `manifest` is: that file is uploaded last, and deleted first. What was changed on both
    sides at once is as here: the last writer wins, file by file.

    Args:
        settings: `store`, `home`.

    Attributes:
        remote: The store.
        home: Where the folders lie here.
        patience_s: How long a finished thing waits for a store that does not answer. A page does not wait; a worker
            can, see `tlcore.engine.preload`.
    """

    def __init__(self, settings: Settings) -> None:
        self.remote = RemoteStore(settings.store)
        self.patience_s = 0.0
        self.home = settings.home.absolute()
        self._listings: dict[str, tuple[float, dict[str, Stamp]]] = {}
        self._guard = Lock()

    def listing(self, folder: str, *, fresh: bool = False) -> dict[str, Stamp]:
        """All files below a folder in the store; what was listed a moment ago counts, unless it is to be `fresh`.

        Raises:
            StorageError: The store does not answer.
        """
        with self._guard:
            listed_s, found = self._listings.get(folder, (0.0, {}))
        if fresh or not listed_s or time.monotonic() - listed_s > LISTED_FOR_S:
            began_s, found = time.monotonic(), self.remote.listing(folder)
            with self._guard:
                for other in [name for name, (at_s, _) in self._listings.items() if began_s - at_s > LISTED_FOR_S]:
                    del self._listings[other]
                self._listings[folder] = (began_s, found)
        return found

    def forget_listings(self) -> None:
        """What somebody else has written a moment ago is seen from now on."""
        with self._guard:
            self._listings.clear()

    def pull(
        self, folder: str, listed: dict[str, Stamp], *, manifest: str, only: Collection[str] | None = None
    ) -> None:
        """Fetches what is missing or older here, and deletes here what was deleted in the store.

        A folder that the store has never had stays; `push` brings it there.

        Args:
            folder: Its path.
            listed: Its files in the store.
            manifest: Its last file.
            only: Names of the files that are wanted; all without it.

        Raises:
            StorageError: The store does not answer.
        """
        if not self._differs(folder, listed, manifest, only):
            return
        with self.held(folder) as record:
            here = self.home / folder
            if manifest not in listed or any(name not in listed for name in record.files):
                listed = self.remote.listing(
                    folder
                )  # before anything is deleted: another process may just have brought it
            if manifest not in listed:
                self._drop(here, record, manifest)
                return
            if not (here / manifest).is_file():
                record.files = {}
            wanted = [
                name for name, stamp in listed.items() if _is_wanted(name, only) and not _is_known(record, name, stamp)
            ]
            fetched = [name for name in wanted if self._may_replace(here, record, name, listed[name].modified_s)]
            with suppress(FileNotFoundError):  # deleted since it was listed: the next listing says so
                self._fetch(folder, sorted(fetched, key=lambda name: name == manifest), listed)
                for name in fetched:
                    record.files[name] = (state_of(here / name) or "", listed[name].version)
                if manifest in fetched:
                    used_s = max(listed[name].modified_s for name in (manifest, USED) if name in listed)
                    os.utime(here / manifest, (used_s, used_s))
            for name in [name for name in record.files if name not in listed]:
                if self._may_replace(here, record, name, 0.0):
                    (here / name).unlink(missing_ok=True)
                    del record.files[name]
            record.write()

    def push(
        self, folder: str, *, manifest: str, only: Collection[str] | None = None, patience_s: float | None = None
    ) -> None:
        """Uploads what was changed here since it was alike, and deletes in the store what was deleted here.

        Args:
            folder: Its path.
            manifest: Its last file.
            only: Names of the files that may have changed; all without it.
            patience_s: Instead of that of the mirror.

        Raises:
            StorageError: The store does not answer; what is missing there is uploaded by the next call.
        """
        patiently(lambda: self._push(folder, manifest, only), self.patience_s if patience_s is None else patience_s)

    def _push(self, folder: str, manifest: str, only: Collection[str] | None) -> None:
        with self.held(folder) as record:
            here = self.home / folder
            if not (here / manifest).is_file():
                return
            changed = [
                name for name in files_in(here) if _is_wanted(name, only) and not self._is_alike(here, record, name)
            ]
            gone = [name for name in record.files if _is_wanted(name, only) and not (here / name).exists()]
            if not changed and not gone:
                return
            before = {name: state_of(here / name) for name in changed}
            ours = self._upload(folder, [name for name in changed if name != manifest])
            ours |= self._upload(folder, [name for name in changed if name == manifest])
            self.remote.delete(f"{folder}/{name}" for name in gone)
            listed = self.remote.listing(folder)
            for name in changed:
                if name in listed and ours[f"{folder}/{name}"] in ("", listed[name].version):
                    record.files[name] = (before[name] or "", listed[name].version)
            for name in gone:
                record.files.pop(name, None)
            record.write()
        self.forget_listings()

    def delete(self, folder: str, *, manifest: str) -> None:
        """Deletes a folder in the store, its manifest first, so that nobody finds it half; it stays here.

        Raises:
            StorageError: The store does not answer.
        """
        with self.held(folder) as record:
            listed = self.remote.listing(folder)
            self.remote.delete(f"{folder}/{name}" for name in (manifest,) if name in listed)
            self.remote.delete(f"{folder}/{name}" for name in listed if name != manifest)
            record.forget()
        self.forget_listings()

    def note_use(self, folder: str, listed: dict[str, Stamp], interval_s: float) -> None:
        """Says in the store that a folder is used, if nobody has for a while."""
        if all(time.time() - listed[name].modified_s > interval_s for name in listed):
            self.remote.write(f"{folder}/{USED}", b"")
            self.forget_listings()

    def forget(self, folder: str) -> None:
        """What was deleted here because nobody used it stays in the store, and is fetched when somebody does."""
        self._record(folder).forget()

    def tidy(self) -> None:
        """Deletes the locks of folders that are gone."""
        for lock in (self.home / _FOLDER).rglob("*.lock"):
            with suppress(FileNotFoundError):  # another process tidies too
                if not lock.with_suffix(".json").exists() and time.time() - lock.stat().st_mtime > _LOCK_STAYS_S:
                    lock.unlink()

    def is_known(self, folder: str) -> bool:
        """Whether a folder was alike here and in the store at some time."""
        return self._record(folder).path.is_file()

    def _differs(self, folder: str, listed: dict[str, Stamp], manifest: str, only: Collection[str] | None) -> bool:
        """Whether there may be anything to do: without a lock, as most looks find nothing."""
        record, here = self._record(folder), self.home / folder
        if manifest not in listed:
            return manifest in record.files
        if not (here / manifest).is_file() or any(name not in listed for name in record.files):
            return True
        return any(_is_wanted(name, only) and not _is_known(record, name, stamp) for name, stamp in listed.items())

    def _drop(self, here: Path, record: Record, manifest: str) -> None:
        """Deletes here what somebody has deleted in the store, if it is still the same store."""
        if manifest in record.files:
            self.remote.check_identity()
            shutil.rmtree(here, ignore_errors=True)
        record.forget()

    def _fetch(self, folder: str, names: list[str], listed: dict[str, Stamp]) -> None:
        here = self.home / folder
        for part in (names[:-1], names[-1:]):  # the last one is the manifest, if it is among them
            if part:
                self.remote.download({f"{folder}/{name}": here / name for name in part})
            for name in part:
                os.utime(here / name, (listed[name].modified_s, listed[name].modified_s))

    def _upload(self, folder: str, names: list[str]) -> dict[str, str]:
        return self.remote.upload({f"{folder}/{name}": self.home / folder / name for name in names}) if names else {}

    def _is_alike(self, here: Path, record: Record, name: str) -> bool:
        return name in record.files and record.files[name][0] == state_of(here / name)

    def _may_replace(self, here: Path, record: Record, name: str, modified_s: float) -> bool:
        """Whether what is here may go: it is not there, as it was when both were alike, or older than the other."""
        if state_of(here / name) is None or self._is_alike(here, record, name):
            return True
        with suppress(FileNotFoundError):
            return (here / name).stat().st_mtime < modified_s
        return True

    def _record(self, folder: str) -> Record:
        return Record.read(self.home / _FOLDER / self.remote.identity / f"{folder}.json")

    @contextmanager
    def held(self, folder: str) -> Iterator[Record]:
        """The record of a folder, which no other thread or process of this home changes meanwhile.

        Raises:
            StorageError: Somebody else has it for a minute.
        """
        path = self._record(folder).path
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with locket.lock_file(str(path.with_suffix(".lock")), timeout=_LOCK_TIMEOUT_S):
                yield Record.read(path)
        except locket.LockError as error:
            raise store_is_lost() from error


def get_mirror(settings: Settings | None = None) -> Mirror | None:
    """The mirror of this process; None where `TLCORE_STORE` names no store.

    Raises:
        StorageError: No program here knows such a store.
    """
    settings = settings or get_settings()
    return _mirror_of(settings.store, settings.home) if settings.store else None


@lru_cache(maxsize=8)
def _mirror_of(store: str, home: Path) -> Mirror:
    return Mirror(Settings(store=store, home=home))


def store_answers(settings: Settings) -> bool:
    """Whether the store answers, and is the one that it was; so it is where there is none."""
    try:
        mirror = get_mirror(settings)
        if mirror is not None:
            mirror.remote.check_identity()
    except StorageError:
        return False
    return True


def forget_listings() -> None:
    """To be called where a job begins or has ended: what another process has written counts at once."""
    settings = get_settings()
    if settings.store:
        with suppress(StorageError):
            _mirror_of(settings.store, settings.home).forget_listings()


def _is_wanted(name: str, only: Collection[str] | None) -> bool:
    return not name.rpartition("/")[2].startswith(".") and (only is None or name in only)


def _is_known(record: Record, name: str, stamp: Stamp) -> bool:
    return name in record.files and record.files[name][1] == stamp.version
