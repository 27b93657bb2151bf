"""Which class each file of a source is of: by its folder, by a table beside the images, or by its name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..errors import DatasetError
from ..translatable import N_
from .dataset import ImportNote
from .detection import boxes_format, is_yolo
from .entries import Entry, readable
from .file_kinds import IMAGE_ENDINGS
from .flat_names import classes_of_names
from .label_tables import MAX_TABLE_BYTES, TABLE_ENDINGS, labels_of_table
from .layout import find_layout

_TABLES = 10  # that are looked into
_CLASSES_NAMED = 8


@dataclass(frozen=True)
class Labelling:
    """What is known of the files of a source before one of them is read.

    Attributes:
        class_names: Class of each file; None where nothing says it.
        parts: The part of a split that each file's folders name: "train", "validation", "test" or None.
        split_folders: Folders that were looked through because they name parts of a split.
        notes: Where the classes come from, if not from folders.
        tables: Indices of the files that the classes were read from.
    """

    class_names: tuple[str | None, ...]
    parts: tuple[str | None, ...]
    split_folders: tuple[str, ...] = ()
    notes: tuple[ImportNote, ...] = ()
    tables: frozenset[int] = frozenset()


def label_entries(entries: Sequence[Entry]) -> Labelling:
    """Finds the class of every file.

    Folders say it (see `find_layout`). Where they name fewer than two classes, a table beside the images does, or else
    the names of the files.

    Raises:
        DatasetError: The set is one of boxes, or of versions of the same pictures.
    """
    if all(entry.labelled for entry in entries):
        return Labelling(tuple(class_title(entry.parts[0]) for entry in entries), (None,) * len(entries))
    layout = find_layout([entry.parts for entry in entries])
    names = tuple(None if name is None else class_title(name) for name in layout.class_names)
    found = Labelling(names, layout.parts, layout.split_folders)
    images = [index for index, entry in enumerate(entries) if entry.ending in IMAGE_ENDINGS]
    if len({names[index] for index in images or range(len(names))} - {None}) > 1:
        return found
    _refuse_versions(layout.versions)
    found = _by_table(found, entries, images) or _by_names(found, entries, images) or found
    if not found.notes:
        _refuse_boxes(entries)
    return found


def class_title(name: str) -> str:
    """A class as it is called here; a very long name keeps apart from others by a digest."""
    name = name.strip()
    title = readable(name)
    return title if title and len(name) <= len(title) else f"{title} ({hashlib.sha256(name.encode()).hexdigest()[:6]})"


def _by_table(found: Labelling, entries: Sequence[Entry], images: Sequence[int]) -> Labelling | None:
    """The classes that tables beside the images give; None if none does."""
    paths = [entries[index].parts for index in images]
    labels: dict[int, str] = {}
    used = []
    tables = [index for index, entry in enumerate(entries) if entry.ending in TABLE_ENDINGS]
    for table in tables[:_TABLES] if paths else ():
        content = entries[table].peek(MAX_TABLE_BYTES)
        new = None if is_yolo(content) else labels_of_table(content, entries[table].name, paths)
        if new:
            used.append(table)
            labels = {**new, **labels}
    names = {images[index]: class_title(label) for index, label in labels.items()}
    params = {"file": ", ".join(entries[table].name for table in used), "classes": _listed(names.values())}
    relabelled = _relabelled(found, names, ImportNote(N_("The classes were read from {file}: {classes}."), params))
    return relabelled and replace(relabelled, tables=frozenset(used))


def _by_names(found: Labelling, entries: Sequence[Entry], images: Sequence[int]) -> Labelling | None:
    """The classes that the names of the files say; None if they say none."""
    labels = classes_of_names([entries[index].parts[-1] for index in images])
    names = {index: class_title(label) for index, label in zip(images, labels or (), strict=False) if label}
    note = N_("No folder names a class, so the beginnings of the files' names were taken for it: {classes}.")
    return _relabelled(found, names, ImportNote(note, {"classes": _listed(names.values())}))


def _relabelled(found: Labelling, names: dict[int, str], note: ImportNote) -> Labelling | None:
    if len(set(names.values())) < 2:
        return None
    class_names = tuple(names.get(index) for index in range(len(found.class_names)))
    return replace(found, class_names=class_names, notes=(note,))


def _listed(names: Iterable[str]) -> str:
    different = sorted(set(names))
    return ", ".join(different[:_CLASSES_NAMED]) + (", …" if len(different) > _CLASSES_NAMED else "")


def _refuse_versions(folders: Sequence[str]) -> None:
    if folders:
        raise DatasetError(
            N_(
                "The folders {folders} hold the same classes once each, in other versions of the same pictures. Keep "
                "one of them, so that a network is not tested on a version of what it learned."
            ),
            folders=", ".join(readable(folder) for folder in folders),
        )


def _refuse_boxes(entries: Sequence[Entry]) -> None:
    kind = boxes_format(entries)
    if kind is not None:
        raise DatasetError(
            N_(
                "This is a set for finding objects ({kind}): it says where things are in an image, not of which class "
                "the image is. Export it as a classification set with one folder for each class, or put the images of "
                "each class into a folder of their own."
            ),
            kind=kind,
        )
