"""Reads the images of a source, keeping the good and listing the others."""

from __future__ import annotations

import hashlib
import os
from collections import Counter, deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ..errors import DatasetError
from ..settings import get_settings
from ..translatable import N_
from .dataset import FileFacts, ImportNote, RejectedFile
from .entries import Entry, readable
from .file_kinds import HEAD_BYTES, IMAGE_ENDINGS, image_format, not_an_image
from .images import DecodedImage, PixelBudget, UploadRefusedError, read_image
from .labelling import label_entries

Progress = Callable[[int, int], None]
NO_CLASS_FOLDER = N_("{file} lies in no class folder. Move it into the folder of its class.")
_LEFTOVERS_NAMED = 12
# Decoding leaves Python's lock to others, and most of a photo's time is decoding: the cores of this machine share it.
# The threads live no longer than one import, and no more than twice as many images as threads are held undecoded.
_MOST_THREADS = 4


@dataclass(frozen=True)
class _Place:
    """Where an image belongs."""

    class_name: str
    part: str | None


@dataclass
class Gathered:
    """What has been read so far; the lists go together, one item an image.

    Attributes:
        image_size: (height, width) in pixels.
        progress: Called with how many files are done and how many there are.
        budget: Of the upload.
        images: `uint8 (height, width, 3)` each.
        classes: Name of the class.
        parts: The part of a split that the folders name, or None.
        names: For messages and `Split.sources`.
        file_names: Without folders.
        files: The files as they came.
        digests: Of the pixels.
        rejected: Files that could not be used.
        expected_classes: Names of classes with files that should be images.
        split_folders: Folders that name parts of a split.
        leftovers: Files that programs left behind, by what says so.
        rescaled: How many images have more than eight bits a channel.
        notes: Where the classes come from.
    """

    image_size: tuple[int, int]
    progress: Progress | None
    budget: PixelBudget | None = None
    images: list[NDArray[np.uint8]] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    parts: list[str | None] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    file_names: list[str] = field(default_factory=list)
    files: list[FileFacts] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    rejected: list[RejectedFile] = field(default_factory=list)
    expected_classes: set[str] = field(default_factory=set)
    split_folders: tuple[str, ...] = ()
    leftovers: Counter[str] = field(default_factory=Counter)
    rescaled: int = 0
    notes: tuple[ImportNote, ...] = ()

    def add_all(self, entries: Iterable[Entry]) -> None:
        """Reads every entry."""
        entries = list(entries)
        labelling = label_entries(entries)
        places = zip(entries, labelling.class_names, labelling.parts, strict=True)
        self.split_folders, self.notes = labelling.split_folders, labelling.notes
        threads = min(_MOST_THREADS, os.cpu_count() or 1)
        waiting: deque[Callable[[], None]] = deque()
        with ThreadPoolExecutor(threads) as pool:
            for done, (entry, class_name, part) in enumerate(places, start=1):
                place = None if class_name is None else _Place(class_name, part)
                waiting.append(_nothing if done - 1 in labelling.tables else self._started(pool, entry, place))
                while len(waiting) > 2 * threads or (waiting and done == len(entries)):
                    waiting.popleft()()
                    if self.progress is not None:
                        self.progress(done - len(waiting), len(entries))

    def _started(self, pool: ThreadPoolExecutor, entry: Entry, place: _Place | None) -> Callable[[], None]:
        """Reads the file, starts to decode it, and gives what is to be done once it is decoded."""
        try:
            place = _checked(entry, place)
            if entry.labelled or entry.ending in IMAGE_ENDINGS:
                self.expected_classes.add(place.class_name)
            data = entry.read()
        except UploadRefusedError:
            raise
        except DatasetError as error:
            return partial(self._reject, entry, error)
        decoding = pool.submit(_decode, data, entry.name, self.image_size, self.budget)
        return partial(self._take, entry, place, decoding)

    def _take(self, entry: Entry, place: _Place, decoding: Future[tuple[DecodedImage, str]]) -> None:
        try:
            image, digest = decoding.result()
        except UploadRefusedError:
            raise
        except DatasetError as error:
            self._reject(entry, error)
            return
        self._check_memory()
        self.images.append(image.pixels)
        self.rescaled += image.rescaled
        self.classes.append(place.class_name)
        self.parts.append(place.part)
        self.names.append(entry.name)
        self.file_names.append(entry.parts[-1])
        self.files.append(image.file)
        self.digests.append(digest)

    def _reject(self, entry: Entry, error: DatasetError) -> None:
        self.rejected.append(RejectedFile(entry.name, error.template, error.params))

    def _check_memory(self) -> None:
        height, width = self.image_size
        fits = get_settings().max_archive_bytes // (height * width * 3)
        if len(self.images) + 1 > fits:
            raise UploadRefusedError(
                N_(
                    "More images of {height} × {width} pixels than this computer should hold: {count} fit. Use fewer "
                    "images or a smaller size."
                ),
                count=fits,
                height=height,
                width=width,
            )

    def all_notes(self) -> list[ImportNote]:
        """What people should know of how the files were read."""
        notes = list(self.notes)
        if self.leftovers:
            names = [name for name, _count in self.leftovers.most_common(_LEFTOVERS_NAMED)]
            params = {"names": ", ".join(map(readable, names)), "count": self.leftovers.total()}
            notes.append(
                ImportNote(N_("Passed over, since programs leave it behind: {names} (files: {count})."), params)
            )
        if self.rescaled:
            template = N_(
                "Images with more than 8 bits a channel: {count}. Each was scaled by the range of brightness that it "
                "uses, since it could be nearly black otherwise."
            )
            notes.append(ImportNote(template, {"count": self.rescaled}))
        return notes


def _nothing() -> None:
    """For a file whose content is known already."""


def _decode(
    data: bytes, name: str, image_size: tuple[int, int], budget: PixelBudget | None
) -> tuple[DecodedImage, str]:
    image = read_image(data, image_size=image_size, name=name, budget=budget)
    return image, hashlib.sha256(image.pixels.tobytes()).hexdigest()


def _checked(entry: Entry, place: _Place | None) -> _Place:
    if not entry.parts:
        raise DatasetError(
            N_("{file} has a path that leads out of the ZIP. Make the ZIP again from inside the folder."),
            file=entry.name,
        )
    if place is None:
        head = entry.peek(HEAD_BYTES)
        raise DatasetError(NO_CLASS_FOLDER, file=entry.name) if image_format(head) else not_an_image(head, entry.name)
    return place
