"""Files on their way into a dataset, wherever they come from."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from ..errors import DatasetError, InvalidArgumentError
from ..settings import get_settings
from ..translatable import N_
from .file_kinds import HEAD_BYTES, image_format, not_an_image
from .leftovers import leftover_in

_LONGEST_NAME = 120


@dataclass(frozen=True)
class Entry:
    """One file of a source.

    Attributes:
        parts: Its path as folder names and a file name; empty if the path leads out of the source.
        name: What it is called in messages and in `Split.sources`.
        read: Gives its bytes if they are an image, or raises `DatasetError`.
        peek: Gives the first bytes of whatever it is, at most as many as asked for; none where that fails.
        labelled: Whether a person said of this very file that it is an image of its class.
    """

    parts: tuple[str, ...]
    name: str
    read: Callable[[], bytes]
    peek: Callable[[int], bytes]
    labelled: bool = False

    @property
    def ending(self) -> str:
        """Of its name, in small letters."""
        return PurePosixPath(self.parts[-1]).suffix.lower() if self.parts else ""


def readable(name: str) -> str:
    """`name` without control characters, composed, and cut in the middle if it is very long."""
    name = unicodedata.normalize("NFC", name)
    name = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in name)
    if len(name) <= _LONGEST_NAME:
        return name
    half = _LONGEST_NAME // 2
    return f"{name[: half - 1]}…{name[-half:]}"


def safe_parts(path: str) -> tuple[str, ...]:
    """The folders and the name of a path inside an archive; empty if it is absolute or climbs out."""
    path = unicodedata.normalize("NFC", path.replace("\\", "/"))
    parts = path.split("/")
    if path.startswith("/") or ".." in parts or (len(parts[0]) == 2 and parts[0].endswith(":")):
        return ()
    return tuple(part for part in parts if part not in ("", "."))


def folder_entries(folder: Path, leftovers: Counter[str]) -> Iterator[Entry]:
    """The files of a folder and its subfolders, in the order of their names. Links are not followed.

    Args:
        folder: To look through.
        leftovers: Counts what programs left behind, which is passed over.
    """
    count = 0
    for path in _walk(folder):
        parts = path.relative_to(folder).parts
        if leftover := leftover_in("/".join(parts)):
            leftovers[readable(leftover)] += 1
            continue
        count += 1
        if count > get_settings().max_archive_entries:
            raise DatasetError(
                N_("{file} holds more than {most} files. Use fewer images."),
                file=readable(folder.name),
                most=get_settings().max_archive_entries,
            )
        name = readable(str(PurePosixPath(*parts)))
        normal = tuple(unicodedata.normalize("NFC", part) for part in parts)
        yield Entry(normal, name, partial(read_image_file, path, name), partial(_peek_file, path))


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path)
        else:
            yield path


def _peek_file(path: Path, most: int) -> bytes:
    if path.is_symlink() or not path.is_file():
        return b""
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError:
        return b""


def read_image_file(path: Path, name: str) -> bytes:
    """The bytes of a file that claims to be an image.

    Args:
        path: Where it lies.
        name: What to call it in an error.

    Raises:
        DatasetError: A link, another kind of file, one that cannot be opened, or one too large.
    """
    if path.is_symlink() or not path.is_file():
        raise DatasetError(N_("{file} is a link, not a file. Put the image itself into the folder."), file=name)
    most = 4 * get_settings().max_image_pixels
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
            if image_format(head, name) is None:
                raise not_an_image(head, name)
            data = head + file.read(most)
    except OSError as error:
        raise DatasetError(N_("{file} cannot be opened. Check that you may read it."), file=name) from error
    if len(data) > most:
        raise DatasetError(
            N_("{file} has more than {most:g} MB. Use a smaller image."), file=name, most=round(most / 1e6, 1)
        )
    return data


def list_entries(items: Sequence[Any]) -> Iterator[Entry]:
    """Entries of (bytes, class name) or (bytes, class name, file name)."""
    for position, item in enumerate(items):
        if not _is_labelled_image(item):
            raise InvalidArgumentError(
                N_(
                    "Expected each item of `source` to be (bytes, class name) or (bytes, class name, file name). "
                    "Received {kind} at position {position}."
                ),
                kind=type(item).__name__,
                position=position,
            )
        data, class_name, *rest = item
        class_name = unicodedata.normalize("NFC", class_name).strip()
        file_name = rest[0] if rest else f"{position + 1}"
        yield Entry(
            (class_name, unicodedata.normalize("NFC", file_name)),
            readable(file_name),
            partial(bytes, data),
            partial(_peek_bytes, data),
            labelled=True,
        )


def _peek_bytes(data: bytes | bytearray | memoryview, most: int) -> bytes:
    return bytes(memoryview(data)[:most])


def _is_labelled_image(item: Any) -> bool:
    return (
        isinstance(item, tuple | list)
        and len(item) in (2, 3)
        and isinstance(item[0], bytes | bytearray | memoryview)
        and all(isinstance(text, str) for text in item[1:])
        and bool(item[1].strip())
    )
