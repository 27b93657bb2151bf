"""Runs that have begun and not ended: they are gone on with after any interruption, from where they stood last.

Each is an item of the session's store, kind "unfinished": what was asked, and the checkpoint. Whoever trains it holds a
lock on it, which the system takes away when that process ends, however it ends: what nobody holds was interrupted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import locket
from pydantic import ValidationError

from ...errors import InvalidArgumentError, StorageError, TrainingError
from ...files import write_atomically
from ...training.specification import TrainingSpec
from ...translatable import N_
from .references import DatasetReference

if TYPE_CHECKING:
    from pathlib import Path

    from ...store import OwnerStore
    from ...training.checkpoint import Checkpoint

CHECKPOINT_FILE = "checkpoint.npz"
_KIND: Literal["unfinished"] = "unfinished"
_ASKED, _ROWS = "asked.json", "rows.json"
_LOCK = "lock"
_LOCK_TIMEOUT_S = 2.0  # who only looks whether a run is held holds it for a moment
_KEPT = 3  # interrupted runs of a session; a state may be as large as a network


@dataclass(frozen=True)
class InterruptedRun:
    """A run that has not ended: one that something interrupted, or that somebody trains (`runs_going_on`).

    Attributes:
        item_id: In the store, kind "unfinished": what "train" may be told to go on from.
        name: What it was called.
        spec: What it was asked to do.
        data: Its images.
        rows: One row an epoch, as far as its state is kept.
        kept_s: When its state was kept last, or when it began, in seconds since the epoch.
    """

    item_id: str
    name: str
    spec: TrainingSpec
    data: DatasetReference
    rows: tuple[dict[str, Any], ...]
    kept_s: float


@dataclass
class UnfinishedRun:
    """A run that is being trained, on disk.

    Attributes:
        item_id: In the store.
        folder: Where it lies.
        store: Of the session.
    """

    item_id: str
    folder: Path
    store: OwnerStore

    @property
    def checkpoint(self) -> Path:
        """Where its state is written."""
        return self.folder / CHECKPOINT_FILE

    def remember(self, spec: TrainingSpec, data: DatasetReference, *, ended: bool = False) -> None:
        """Writes what was asked; what has `ended` waits for more epochs and is no interrupted run."""
        asked = {"spec": spec.model_dump(mode="json"), "data": data.model_dump(mode="json"), "ended": ended}
        write_atomically(self.folder / _ASKED, json.dumps(asked))
        with suppress(StorageError):  # `keep` tries again with the first state
            self.store.mirrored.keep(_KIND, self.item_id, (_ASKED,), patience_s=0)

    def keep(self, checkpoint: Checkpoint) -> bool:
        """Brings its state, which has just been written, into the store; False if that does not answer."""
        try:
            write_atomically(self.folder / _ROWS, json.dumps(checkpoint.history))
            self.store.mirrored.keep(_KIND, self.item_id, (_ASKED, CHECKPOINT_FILE, _ROWS), patience_s=0)
        except (OSError, StorageError):
            return False
        return True


@contextmanager
def unfinished_run(store: OwnerStore, item_id: str | None, *, name: str) -> Iterator[UnfinishedRun]:
    """A run on disk while it is trained; it stays there if that is interrupted, and where it may be gone on with.

    Args:
        store: Of the session.
        item_id: Of an unfinished run that is taken up; None makes a new one.
        name: What to call a new one.

    Raises:
        InvalidArgumentError: There is no such run, or it goes on already.
    """
    if item_id is None:
        _make_room(store)
        with store.draft(_KIND, name=name) as draft:
            pass
        item_id = draft.item_id
    run = UnfinishedRun(item_id, store.folder(_KIND, item_id), store)
    if store.mirrored.is_leased(_KIND, item_id, certain=True):
        raise _goes_on()
    try:
        with locket.lock_file(str(run.folder / _LOCK), timeout=_LOCK_TIMEOUT_S), store.mirrored.lease(_KIND, item_id):
            yield run
    except locket.LockError as error:
        raise _goes_on() from error
    except Exception as error:
        # Without a state there is nothing to go on from, and whoever diverged would diverge again.
        if isinstance(error, TrainingError) or not run.checkpoint.is_file():
            forget_unfinished(store, item_id)
        raise


def last_state(store: OwnerStore) -> str | None:
    """Id of the unfinished run that began last and that nobody trains now."""
    items = [item.item_id for item in store.items(_KIND)]
    return next((item_id for item_id in items if not _is_held(store, item_id, certain=True)), None)


def interrupted_runs(store: OwnerStore) -> list[InterruptedRun]:
    """All runs of a session that neither ended nor go on, the newest first."""
    return _runs(store, held=False)


def runs_going_on(store: OwnerStore) -> list[InterruptedRun]:
    """All runs of a session that somebody trains now, also where no web process follows them any more."""
    return _runs(store, held=True)


def forget_unfinished(store: OwnerStore, item_id: str) -> None:
    """Deletes what is kept of an unfinished run."""
    with suppress(InvalidArgumentError, FileNotFoundError):  # another tab was faster
        store.delete(_KIND, item_id)


def _runs(store: OwnerStore, *, held: bool) -> list[InterruptedRun]:
    found = (_begun(store, item.item_id, item.name, held=held) for item in store.items(_KIND))
    return [run for run in found if run is not None]


def _begun(store: OwnerStore, item_id: str, name: str, *, held: bool) -> InterruptedRun | None:
    try:
        asked = json.loads(store.path(_KIND, item_id, _ASKED).read_text("utf-8"))
        if asked["ended"] or _is_held(store, item_id) != held:
            return None
        rows = store.path(_KIND, item_id, _ROWS)  # beside the state, which may be as large as a network
        newest = rows if rows.is_file() else store.path(_KIND, item_id, _ASKED)
        return InterruptedRun(
            item_id,
            name,
            TrainingSpec(**asked["spec"]),
            DatasetReference(**asked["data"]),
            tuple(json.loads(rows.read_text("utf-8")) if rows.is_file() else ()),
            newest.stat().st_mtime,
        )
    except (OSError, ValueError, KeyError, ValidationError, InvalidArgumentError):
        return None  # it is being made or deleted, or another version wrote it


def _is_held(store: OwnerStore, item_id: str, *, certain: bool = False) -> bool:
    try:
        with locket.lock_file(str(store.path(_KIND, item_id, _LOCK)), timeout=0):
            return store.mirrored.is_leased(_KIND, item_id, certain=certain)
    except locket.LockError:
        return True


def _goes_on() -> InvalidArgumentError:
    return InvalidArgumentError(N_("This run goes on already, perhaps in another tab. Wait for it, or stop it there."))


def _make_room(store: OwnerStore) -> None:
    """Deletes what has ended and is not gone on with, and of what was interrupted the oldest."""
    free = [item.item_id for item in store.items(_KIND) if not _is_held(store, item.item_id)]
    interrupted = {run.item_id for run in interrupted_runs(store)}
    kept = [item_id for item_id in free if item_id in interrupted][: _KEPT - 1]
    for item_id in free:
        if item_id not in kept:
            forget_unfinished(store, item_id)
