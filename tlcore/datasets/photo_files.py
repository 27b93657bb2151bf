"""Photos that a network is to look at: of a ZIP, in folders or not, and nothing that one of them is keeps the rest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import DatasetError
from ..settings import get_settings
from ..translatable import N_
from .archive import Archive
from .dataset import RejectedFile
from .entries import Entry
from .gathering import Progress
from .images import PixelBudget, UploadRefusedError, decode_image
from .layout import find_layout

#: Photos that are looked at at a time.
MOST_PHOTOS = 1000


@dataclass(frozen=True)
class ReadPhotos:
    """What could be read; the tuples go together with the images.

    Attributes:
        images: `uint8 (N, height, width, 3)`.
        names: Of their files.
        folders: That the file lies in and that may name its class, see `layout`; None for a file in no such folder.
        rejected: Files that could not be read, and why.
    """

    images: NDArray[np.uint8]
    names: tuple[str, ...]
    folders: tuple[str | None, ...]
    rejected: tuple[RejectedFile, ...]


def read_photos(
    path: Path, *, image_size: tuple[int, int], name: str | None = None, progress: Progress | None = None
) -> ReadPhotos:
    """Reads every photo of a ZIP as `decode_image` does.

    Unlike `import_dataset` it asks for no classes and no number of images.

    Args:
        path: Of the ZIP.
        image_size: (height, width) in pixels.
        name: What the person calls it.
        progress: Called with how many files are done and how many there are; what it raises stops the reading.

    Raises:
        DatasetError: No ZIP that can be read, more than `MOST_PHOTOS` files, or not one photo among them.
    """
    with Archive(path, name) as archive:
        if len(archive) > MOST_PHOTOS:
            raise DatasetError(
                N_("{file} holds {count} files: at most {most} are looked at at a time. Take some of them."),
                file=archive.name,
                count=len(archive),
                most=MOST_PHOTOS,
            )
        budget = PixelBudget(get_settings().max_upload_pixels, archive.name)
        budget.expect(archive.heads())
        entries = list(archive.entries())
        folders = find_layout([entry.parts for entry in entries]).class_names
        images, kept, rejected = [], [], []
        for done, entry in enumerate(entries):
            try:
                images.append(decode_image(_content(entry), image_size=image_size, name=entry.name, budget=budget))
                kept.append(done)
            except UploadRefusedError:
                raise
            except DatasetError as error:
                rejected.append(RejectedFile(entry.name, error.template, error.params))
            if progress is not None:
                progress(done + 1, len(entries))
        if not images:
            raise DatasetError(rejected[0].reason, **rejected[0].params)
    return ReadPhotos(
        np.stack(images),
        tuple(entries[index].name for index in kept),
        tuple(folders[index] for index in kept),
        tuple(rejected),
    )


def label_of_folder(folder: str | None, names: tuple[tuple[str, ...], ...]) -> int | None:
    """The class that a folder names, however it is written: "No hard-hat" is "no_hardhat".

    Args:
        folder: Its name.
        names: Names of the classes, one tuple for each way to call them all.

    Returns:
        The label; None where no class is called so.
    """
    wanted = _letters(folder or "")
    for called in names:
        letters = [_letters(name) for name in called]
        if wanted and wanted in letters:
            return letters.index(wanted)
    return None


def _letters(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _content(entry: Entry) -> bytes:
    if not entry.parts:
        raise DatasetError(
            N_("{file} has a path that leads out of the ZIP. Make the ZIP again from inside the folder."),
            file=entry.name,
        )
    return entry.read()
