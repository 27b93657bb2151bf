"""Makes a dataset from people's own photographs."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from ..errors import DatasetError, InvalidArgumentError
from ..settings import get_settings
from ..translatable import N_
from .archive import Archive
from .dataset import Dataset, RejectedFile
from .duplicates import group_near_duplicates
from .entries import Entry, folder_entries, list_entries, readable
from .images import IMAGE_ENDINGS, PixelBudget, UploadRefusedError, decode_image
from .layout import find_layout
from .registry import check_image_size, check_whole_number
from .splits import MIN_IMAGES_PER_CLASS, make_split, split_indices

Progress = Callable[[int, int], None]
LabelledImage = tuple[bytes, str] | tuple[bytes, str, str]
_NO_CLASS_FOLDER = N_("{file} lies in no class folder. Move it into the folder of its class.")


def import_dataset(
    source: str | PathLike[str] | Sequence[LabelledImage],
    *,
    image_size: tuple[int, int] = (150, 150),
    seed: int = 0,
    name: str | None = None,
    progress: Progress | None = None,
    comparing: Progress | None = None,
) -> Dataset:
    """Reads labelled photographs and splits them 60 / 20 / 20, near-duplicates kept together.

    The folder that an image lies in is its class; a single folder around all others, and folders named after parts of a
    split (`train`, `Test_Set`, `validação`, ...), are looked through, see `layout`. Images are brought to `image_size`
    by `decode_image`: scaled with their proportions kept, the overhang cut off on both sides. Files that cannot be used
    are listed in `Dataset.rejected`.

    Args:
        source: A ZIP, a folder, or a list of (bytes, class name) or (bytes, class name, file name).
        image_size: (height, width) in pixels.
        seed: Of the split.
        name: Of the dataset, and of the ZIP in messages about it; the file's name without it.
        progress: Called with how many files are done and how many there are; what it raises stops the import.
        comparing: The same while the images are searched for near-duplicates.

    Returns:
        The dataset, classes in alphabetical order.

    Raises:
        DatasetError: If the source cannot be read or holds too little.
        InvalidArgumentError: If an argument cannot be.

    Example:
        >>> data = import_dataset("photos.zip", image_size=(150, 150))
    """
    check_image_size(image_size)
    check_whole_number("seed", seed, 0, 2**32 - 1)
    gathered = _Gathered((int(image_size[0]), int(image_size[1])), progress)
    if isinstance(source, str | PathLike):
        path = Path(source)
        _gather_path(gathered, path, name)
        name = name or readable(path.stem if path.is_file() else path.resolve().name)
    elif isinstance(source, Sequence) and not isinstance(source, bytes | bytearray | memoryview):
        gathered.add_all(list_entries(source))
    else:
        raise InvalidArgumentError(
            N_(
                "Expected `source` to be the path of a ZIP or folder, or a list of (bytes, class name). "
                "Received: {kind}. Write an upload to a file first."
            ),
            kind=type(source).__name__,
        )
    return gathered.dataset(name or "import", seed, comparing)


def _gather_path(gathered: _Gathered, path: Path, name: str | None) -> None:
    if path.is_dir():
        gathered.add_all(folder_entries(path))
    elif path.is_file():
        with Archive(path, name) as archive:
            gathered.budget = PixelBudget(get_settings().max_upload_pixels, archive.name)
            gathered.budget.expect(archive.heads())
            gathered.add_all(archive.entries())
    else:
        raise DatasetError(
            N_("There is no file or folder at {file}. Check the path and try again."), file=readable(str(path))
        )


@dataclass
class _Gathered:
    """What has been read so far."""

    image_size: tuple[int, int]
    progress: Progress | None
    budget: PixelBudget | None = None
    images: list[NDArray[np.uint8]] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    rejected: list[RejectedFile] = field(default_factory=list)
    expected_classes: set[str] = field(default_factory=set)
    split_folders: tuple[str, ...] = ()

    def add_all(self, entries: Iterable[Entry]) -> None:
        """Reads every entry, keeping the good and listing the others."""
        entries = list(entries)
        layout = find_layout([() if entry.labelled else entry.parts for entry in entries])
        self.split_folders += layout.split_folders
        for done, (entry, position) in enumerate(zip(entries, layout.class_positions, strict=True), start=1):
            try:
                self._add(entry, 0 if entry.labelled else position)
            except UploadRefusedError:
                raise
            except DatasetError as error:
                self.rejected.append(RejectedFile(entry.name, error.template, error.params))
            if self.progress is not None:
                self.progress(done, len(entries))

    def _add(self, entry: Entry, position: int | None) -> None:
        class_name = _class_of(entry, position)
        if entry.labelled or PurePosixPath(entry.parts[-1]).suffix.lower() in IMAGE_ENDINGS:
            self.expected_classes.add(class_name)
        data = entry.read()
        self._check_memory()
        self.images.append(decode_image(data, image_size=self.image_size, name=entry.name, budget=self.budget))
        self.classes.append(class_name)
        self.names.append(entry.name)
        self.files.append(entry.parts[-1])
        self.digests.append(hashlib.sha256(data).hexdigest())

    def _check_memory(self) -> None:
        height, width = self.image_size
        if (len(self.images) + 1) * height * width * 3 > get_settings().max_archive_bytes:
            raise UploadRefusedError(
                N_(
                    "{count} images of {height} × {width} pixels are more than this computer should hold. "
                    "Use fewer images or a smaller size."
                ),
                count=len(self.images) + 1,
                height=height,
                width=width,
            )

    def dataset(self, name: str, seed: int, comparing: Progress | None) -> Dataset:
        """The images in their splits."""
        class_names = tuple(sorted(self.expected_classes | set(self.classes)))
        self._check_classes(class_names)
        label_of = {class_name: label for label, class_name in enumerate(class_names)}
        labels = np.array([label_of[class_name] for class_name in self.classes], np.int64)
        images = np.stack(self.images)
        groups = group_near_duplicates(images, self.files, labels, self.digests, progress=comparing)
        _check_different(class_names, labels, groups)
        parts = split_indices(labels, groups, num_classes=len(class_names), seed=seed)
        train, validation, test = (make_split(images, labels, self.names, part) for part in parts)
        return Dataset(name, class_names, train, validation, test, tuple(self.rejected), self.split_folders)

    def _check_classes(self, class_names: tuple[str, ...]) -> None:
        if self.split_folders and not self.expected_classes:
            raise DatasetError(
                N_(
                    "The folders {folders} are named after parts of a split, not after classes, and there is no folder "
                    "of a class in them. Put one folder for each class into them, or name them after the classes."
                ),
                folders=", ".join(readable(folder) for folder in self.split_folders),
            )
        if not self.images and self.rejected and all(file.reason == _NO_CLASS_FOLDER for file in self.rejected):
            raise DatasetError(
                N_(
                    "The images lie in no folder, so nothing says which class they are of. Make one folder for each "
                    "class, named after it, put the images into them, and pack the folders."
                )
            )
        if not self.images:
            first = self.rejected[0] if self.rejected else None
            raise DatasetError(
                N_(
                    "No image could be read ({count} files were left out; the first: {first}). Use one folder of "
                    "JPEG or PNG images for each class."
                ),
                count=len(self.rejected),
                first=first.name if first else "–",
            )
        if len(class_names) < 2:
            raise DatasetError(
                N_(
                    "Two classes or more are needed, each in its own folder. Found one: {class_name!r}. Add a folder "
                    "with images of another class."
                ),
                class_name=class_names[0],
            )
        counts = Counter(self.classes)
        for class_name in class_names:
            if counts[class_name] < MIN_IMAGES_PER_CLASS:
                raise _too_few(class_name, counts[class_name])


def _check_different(class_names: Sequence[str], labels: NDArray[np.int64], groups: NDArray[np.int64]) -> None:
    for label, class_name in enumerate(class_names):
        different = len(np.unique(groups[labels == label]))
        if different < MIN_IMAGES_PER_CLASS:
            raise DatasetError(
                N_(
                    "Each class needs {least} different images: {class_name!r} has {count}, since copies and images "
                    "that look the same count once. Add images to that class."
                ),
                least=MIN_IMAGES_PER_CLASS,
                class_name=class_name,
                count=different,
            )


def _too_few(class_name: str, count: int) -> DatasetError:
    return DatasetError(
        N_(
            "Each class needs {least} images that can be read: {class_name!r} has {count}. Add images to that class, "
            "or leave it out."
        ),
        least=MIN_IMAGES_PER_CLASS,
        class_name=class_name,
        count=count,
    )


def _class_of(entry: Entry, position: int | None) -> str:
    if not entry.parts:
        raise DatasetError(
            N_("{file} has a path that leads out of the ZIP. Make the ZIP again from inside the folder."),
            file=entry.name,
        )
    if position is None:
        raise DatasetError(_NO_CLASS_FOLDER, file=entry.name)
    return _class_name(entry.parts[position])


def _class_name(folder: str) -> str:
    """The folder's name; a very long one keeps apart from others by a digest."""
    folder = folder.strip()
    name = readable(folder)
    return name if name and len(folder) <= len(name) else f"{name} ({hashlib.sha256(folder.encode()).hexdigest()[:6]})"
