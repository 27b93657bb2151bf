"""Sets of images that lie on this machine as a folder a class: which files they are, and some of them as arrays."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from ..errors import DatasetError
from ..translatable import N_
from .assembly import natural_order
from .dataset import RejectedFile
from .duplicates import group_near_duplicates
from .entries import readable
from .file_kinds import IMAGE_ENDINGS
from .images import decode_image
from .layout import find_layout
from .leftovers import leftover_in
from .selection import spread_over_classes
from .specification import SourceImages
from .splits import MIN_IMAGES_PER_CLASS

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class ClassFolders:
    """The image files of a folder by class.

    Attributes:
        folder: That holds them.
        files: Class name -> paths within the folder, in the order of an import; classes of fewer images than a split
            needs are left out.
        fingerprint: Changes when a file is added, taken away or written.
    """

    folder: Path
    files: dict[str, tuple[str, ...]]
    fingerprint: str

    @property
    def num_images(self) -> int:
        """Of all classes."""
        return sum(map(len, self.files.values()))


def find_class_folders(folder: Path) -> ClassFolders:
    """Lists a folder without opening a file; as in an import, folders named after parts of a split are looked through.

    Raises:
        OSError: The folder cannot be read.
    """
    found = sorted(_image_files(folder))
    layout = find_layout([PurePosixPath(path).parts for path, _state in found])
    classes: dict[str, list[str]] = {}
    for (path, _state), class_name in zip(found, layout.class_names, strict=True):
        if class_name is not None:
            classes.setdefault(readable(class_name), []).append(path)
    enough = [name for name in classes if len(classes[name]) >= MIN_IMAGES_PER_CLASS]
    files = {name: tuple(classes[name]) for name in natural_order(enough)}
    return ClassFolders(folder, files, hashlib.sha256(repr(found).encode()).hexdigest()[:32])


def _image_files(folder: Path) -> list[tuple[str, tuple[int, int]]]:
    """(path within the folder, (size, time of the last change)) of each file that is called an image."""
    found = []
    for root, _folders, names in os.walk(folder):
        for name in names:
            path = Path(root) / name
            inside = path.relative_to(folder).as_posix()
            if path.suffix.lower() in IMAGE_ENDINGS and leftover_in(inside) is None and path.is_file():
                facts = path.stat()
                found.append((inside, (facts.st_size, facts.st_mtime_ns)))
    return found


def folder_images(
    found: ClassFolders, num_images: int, image_size: tuple[int, int], seed: int, *, progress: Progress | None = None
) -> SourceImages:
    """Some images of the folder, as evenly spread over the classes as there are files.

    Files that cannot be read are listed, and others of their class take their place. Near-duplicates share a group.

    Args:
        found: The files.
        num_images: How many.
        image_size: (height, width) in pixels.
        seed: Of the choice.
        progress: Called with how many images are read and how many there will be; what it raises stops the work.

    Raises:
        DatasetError: No file could be read.
    """
    paths = [path for of_class in found.files.values() for path in of_class]
    every_label = np.repeat(np.arange(len(found.files)), [len(of_class) for of_class in found.files.values()])
    images: list[NDArray[np.uint8]] = []
    chosen: list[int] = []
    digests: list[str] = []
    rejected: list[RejectedFile] = []
    order = spread_over_classes(every_label, len(paths), seed)
    wanted = Counter(every_label[order[:num_images]].tolist())
    for index in order.tolist():
        label = int(every_label[index])
        if not wanted[label]:
            continue
        try:
            data = (found.folder / paths[index]).read_bytes()
            images.append(decode_image(data, image_size=image_size, name=readable(paths[index])))
        except (DatasetError, OSError) as error:
            rejected.append(_rejected(readable(paths[index]), error))
            continue
        wanted[label] -= 1
        chosen.append(index)
        digests.append(hashlib.sha256(data).hexdigest())
        if progress is not None:
            progress(len(images), num_images)
    if not images:
        raise DatasetError(N_("No image of the folder {name} can be read."), name=found.folder.name)
    pixels, labels = np.stack(images), every_label[chosen].astype(np.int64)
    names = [PurePosixPath(paths[index]).name for index in chosen]
    groups = group_near_duplicates(pixels, names, labels, digests)
    return SourceImages(pixels, labels, _sources(paths, chosen), groups, tuple(rejected))


def _rejected(name: str, error: Exception) -> RejectedFile:
    if isinstance(error, DatasetError):
        return RejectedFile(name, error.template, error.params)
    return RejectedFile(name, N_("{file} cannot be opened. Check that you may read it."), {"file": name})


def _sources(paths: Sequence[str], chosen: Sequence[int]) -> tuple[str, ...]:
    return tuple(readable(paths[index]) for index in chosen)
