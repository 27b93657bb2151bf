"""A set of images as a ZIP: a folder a part of the split, in it a folder a class, every image without loss."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image

from ..files import atomic_path
from .dataset import Dataset

_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_LONGEST = 60
Progress = Callable[[int, int], None]


def class_folders(class_names: tuple[str, ...]) -> tuple[str, ...]:
    """A folder for each class, by names that every system takes, no two alike."""
    names: list[str] = []
    for number, class_name in enumerate(class_names, start=1):
        name = _NOT_IN_NAMES.sub("-", class_name)[:_LONGEST].strip(" .") or f"class-{number}"
        taken = {known.casefold() for known in names}
        names.append(f"{name}-{number}" if name.casefold() in taken else name)
    return tuple(names)


def write_images(archive: zipfile.ZipFile, data: Dataset, *, below: str = "", progress: Progress | None = None) -> None:
    """Writes all images into an open archive; by the names of the files they stay in their order.

    Args:
        archive: Open for writing.
        data: The set as it is now, with all changes that were made to it.
        below: Of the folders of the parts, for example "images/".
        progress: Called now and then with (images written, images in all).
    """
    folders, total, done = class_folders(data.class_names), sum(map(len, data.splits.values())), 0
    for part, split in data.splits.items():
        for number, (pixels, label) in enumerate(zip(split.images, split.labels.tolist(), strict=True)):
            file = BytesIO()
            Image.fromarray(pixels).save(file, "PNG")
            name = f"{below}{part}/{folders[label]}/{number:05}.png"
            archive.writestr(zipfile.ZipInfo(name), file.getvalue())  # stored: a PNG does not get smaller
            done += 1
            if progress is not None:
                progress(done, total)


def pack_dataset(data: Dataset, path: Path, *, progress: Progress | None = None) -> None:
    """Writes a set as a ZIP, whole or not at all; `tlcore.import_dataset` reads it with `keep_split=True`.

    Args:
        data: The set.
        path: Of the ZIP; an older one is replaced.
        progress: As for `write_images`.

    Raises:
        OSError: The disk is full, or the folder cannot be written.
    """
    with atomic_path(path) as draft, zipfile.ZipFile(draft, "w") as archive:
        write_images(archive, data, progress=progress)
