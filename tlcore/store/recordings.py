"""What a session records with its camera: frames class by class, kept as they come, until it makes a set of them."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from ..errors import InvalidArgumentError
from ..settings import get_settings
from ..translatable import N_
from .owner_store import OwnerStore

KIND: Final = "recordings"
MOST_CLASSES = 20
MOST_NAME = 60  # characters of a class
_CLASS = re.compile(r"[0-9a-z]{1,16}")
_BURST = re.compile(r"[0-9]{1,15}")
_FRAME = re.compile(r"([0-9a-z]{1,16})-([0-9]{1,15})-([0-9]{6})\.jpg")


@dataclass(frozen=True)
class Burst:
    """Frames that were recorded in one go, from pressing the button to letting it go.

    Attributes:
        start_ms: When it began, in milliseconds since the epoch, by the clock of whoever recorded.
        frames: File names, in the order of time.
    """

    start_ms: int
    frames: tuple[str, ...]


@dataclass(frozen=True)
class RecordedClass:
    """A class of a recording.

    Attributes:
        class_id: By which the recording knows it, whatever it is called.
        name: As the person calls it.
        bursts: In the order of time.
    """

    class_id: str
    name: str
    bursts: tuple[Burst, ...] = ()

    @property
    def frames(self) -> tuple[str, ...]:
        """File names of all its frames, in the order of time."""
        return tuple(frame for burst in self.bursts for frame in burst.frames)


class Recording:
    """The one recording of a session.

    Nothing is on the disk before something is to be kept. Every change may be told twice and is made once: frames by
    their burst and number, classes by ids that whoever adds them has chosen.

    Args:
        store: Of the session.
        names: What the classes are called that a new recording begins with.
    """

    def __init__(self, store: OwnerStore, names: Sequence[str]) -> None:
        self._store = store
        self._names = names

    @property
    def item_id(self) -> str | None:
        """Of the item in the store, kind "recordings"; None while there is nothing to keep."""
        return self._store.last_used(KIND)

    def classes(self) -> tuple[RecordedClass, ...]:
        """The classes with what has been recorded of each."""
        item_id = self.item_id
        if item_id is None:
            return tuple(RecordedClass(class_id, name) for class_id, name in self._class_names().items())
        return recorded_classes(self._store, item_id)

    def name_class(self, class_id: str, name: str) -> None:
        """Calls a class something else; one that is not there yet is added.

        Raises:
            InvalidArgumentError: The id is none, or there are too many classes.
        """
        if not _CLASS.fullmatch(class_id):
            raise InvalidArgumentError(N_("Expected the id of a class. Received: {value!r}."), value=class_id)
        names = self._class_names()
        if class_id not in names and len(names) >= MOST_CLASSES:
            raise InvalidArgumentError(N_("A recording has at most {most} classes."), most=MOST_CLASSES)
        self._keep_names({**names, class_id: name.strip()[:MOST_NAME]})

    def remove_class(self, class_id: str) -> None:
        """Forgets a class and its frames; nothing where it is gone."""
        self.empty_class(class_id)
        self._keep_names({known: name for known, name in self._class_names().items() if known != class_id})

    def empty_class(self, class_id: str) -> None:
        """Deletes the frames of a class; it can be recorded anew."""
        item_id = self.item_id
        if item_id is None:
            return
        folder = self._store.folder(KIND, item_id)
        for recorded in self.classes():
            if recorded.class_id == class_id:
                for frame in recorded.frames:
                    (folder / frame).unlink(missing_ok=True)
                self._store.mirrored.keep(KIND, item_id)

    def add_frames(self, class_id: str, start_ms: int, first: int, frames: Sequence[bytes]) -> None:
        """Keeps frames of a burst.

        Args:
            class_id: Of a class that is there.
            start_ms: When the burst began; its name.
            first: Number of the first of these frames within the burst, from 0.
            frames: Picture files, as they come; they are decoded in a worker, when a set is made of them.

        Raises:
            InvalidArgumentError: There is no such class, or no more may be kept.
        """
        if class_id not in self._class_names():
            raise InvalidArgumentError(N_("Expected the id of a class. Received: {value!r}."), value=class_id)
        most = self.room()
        if len(frames) > most:
            raise InvalidArgumentError(
                N_("No more images can be recorded: this lab takes {most} images, and {limit} MB, of one recording."),
                most=get_settings().max_archive_entries,
                limit=get_settings().max_upload_bytes // 1024**2,
            )
        names = (f"{class_id}-{start_ms:d}-{number:06d}.jpg" for number in range(first, first + len(frames)))
        self._store.add_files(KIND, self._made(), dict(zip(names, frames, strict=True)))

    def room(self) -> int:
        """How many more frames may be recorded, by number and by bytes: as many as an upload might hold."""
        item_id, settings = self.item_id, get_settings()
        if item_id is None:
            return settings.max_archive_entries
        sizes = [entry.stat().st_size for entry in os.scandir(self._store.folder(KIND, item_id))]
        return max(0, settings.max_archive_entries - len(sizes)) if sum(sizes) < settings.max_upload_bytes else 0

    def read(self, frame: str) -> bytes:
        """The file of a frame.

        Raises:
            InvalidArgumentError: It is gone.
        """
        return self._store.file(KIND, self._made(), frame).read()

    def _class_names(self) -> dict[str, str]:
        item_id = self.item_id
        if item_id is None:
            return {str(number): name for number, name in enumerate(self._names)}
        return dict(self._store.details(KIND, item_id)["classes"])

    def _made(self) -> str:
        """The id of the item, which is there from now on."""
        item_id = self.item_id
        if item_id is not None:
            return item_id
        names = self._class_names()
        with self._store.draft(KIND, name="camera") as draft:
            draft.details.update(_details(names))
        return draft.item_id

    def _keep_names(self, names: dict[str, str]) -> None:
        self._store.set_details(KIND, self._made(), _details(names))


def recorded_classes(store: OwnerStore, item_id: str) -> tuple[RecordedClass, ...]:
    """The classes of a recording in the order in which they were added; counts as using it.

    Raises:
        InvalidArgumentError: The session has no such recording.
    """
    classes = store.details(KIND, item_id)["classes"]
    found = sorted(
        (match[1], int(match[2]), int(match[3]), path.name)
        for path in store.folder(KIND, item_id).iterdir()
        if (match := _FRAME.fullmatch(path.name))
    )
    bursts: dict[str, list[Burst]] = {}
    for (class_id, start_ms), frames in groupby(found, key=lambda frame: frame[:2]):
        bursts.setdefault(class_id, []).append(Burst(start_ms, tuple(frame[3] for frame in frames)))
    return tuple(RecordedClass(class_id, name, tuple(bursts.get(class_id, ()))) for class_id, name in classes)


def _details(names: dict[str, str]) -> dict[str, Any]:
    return {"classes": list(names.items())}
