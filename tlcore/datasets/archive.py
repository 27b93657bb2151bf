"""Reads a ZIP that nobody vouches for: nothing is unpacked to disk, and no size in its headers is believed."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO

from ..errors import DatasetError
from ..settings import get_settings
from ..translatable import N_
from .entries import Entry, readable, safe_parts
from .file_kinds import HEAD_BYTES, image_format, not_an_image
from .images import UploadRefusedError
from .leftovers import leftover_in

_CHUNK = 1 << 16
_HEAD_BYTES = 4096
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
#: Bytes out per byte in, above which a large archive is taken for a bomb. Photographs hardly shrink at all.
_MAX_RATIO = 200
_RATIO_MATTERS_FROM = 64 * 1024**2
_MAX_DIRECTORY_BYTES_PER_ENTRY = 4096
_ENCRYPTED = 0x1
_NAME_IS_UTF8 = 0x800


class Archive:
    """The images of a ZIP, one after the other.

    Args:
        path: Of the ZIP.
        name: What the person who made it calls it, for messages; the file's name without it.

    Attributes:
        name: As people may read it.
        leftovers: How many files each leftover of a program stands for; they are passed over.

    Raises:
        DatasetError: If it is no ZIP, is protected by a password, or holds too much.
    """

    def __init__(self, path: Path, name: str | None = None) -> None:
        self.name = readable(name or path.name)
        self._size = path.stat().st_size
        self._unpacked = 0
        self._check_before_opening(path)
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error) as error:
            raise self._not_a_zip() from error
        self.leftovers: Counter[str] = Counter()
        self._members = [member for member in self._zip.infolist() if not self._is_skipped(member)]
        self._check_members()

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def __len__(self) -> int:
        """Files that `entries` gives."""
        return len(self._members)

    def entries(self) -> Iterator[Entry]:
        """Every file that is neither a folder nor a system's leftover; reading one may raise `DatasetError`."""
        for member in self._members:
            name = _decoded_name(member)
            yield Entry(
                safe_parts(name), readable(name), partial(self._read, member, name), partial(self._peek, member)
            )

    def heads(self) -> Iterator[bytes]:
        """The beginning of each file: most formats tell their size there."""
        return (head for member in self._members if (head := self._peek(member, _HEAD_BYTES)))

    def _peek(self, member: zipfile.ZipInfo, most: int) -> bytes:
        if not member.flag_bits & _ENCRYPTED:
            with suppress(*_UNREADABLE), self._zip.open(member) as stream:
                return stream.read(most)
        return b""

    def _is_skipped(self, member: zipfile.ZipInfo) -> bool:
        if member.is_dir():
            return True
        leftover = leftover_in(_decoded_name(member))
        if leftover is not None:
            self.leftovers[readable(leftover)] += 1
        return leftover is not None

    def _check_before_opening(self, path: Path) -> None:
        settings = get_settings()
        if self._size > settings.max_upload_bytes:
            raise DatasetError(
                N_(
                    "{file} has {size:.1f} MB: at most {most:g} MB are read, about {percent} % of it. Use fewer or "
                    "smaller images: half the width and height is a quarter of the size."
                ),
                percent=int(100 * settings.max_upload_bytes / self._size),
                file=self.name,
                size=self._size / 1e6,
                most=round(settings.max_upload_bytes / 1e6, 1),
            )
        # zipfile reads the whole directory into memory before one can ask how long it is
        if _directory_bytes(path, self._size) > settings.max_archive_entries * _MAX_DIRECTORY_BYTES_PER_ENTRY:
            raise self._too_many_entries()

    def _check_members(self) -> None:
        if not self._members:
            raise DatasetError(
                N_("{file} is empty. Make a ZIP that holds one folder of images for each class."), file=self.name
            )
        if len(self._members) > get_settings().max_archive_entries:
            raise self._too_many_entries()
        if all(member.flag_bits & _ENCRYPTED for member in self._members):
            raise DatasetError(
                N_("{file} is protected by a password. Make a ZIP without a password and try again."), file=self.name
            )

    def _read(self, member: zipfile.ZipInfo, name: str) -> bytes:
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            raise DatasetError(
                N_("{file} is a link, not a file. Put the image itself into the ZIP."), file=readable(name)
            )
        if member.flag_bits & _ENCRYPTED:
            raise DatasetError(
                N_("{file} is protected by a password. Make a ZIP without a password and try again."),
                file=readable(name),
            )
        try:
            with self._zip.open(member) as stream:
                head = stream.read(HEAD_BYTES)
                if image_format(head, name) is None:
                    raise not_an_image(head, readable(name))
                return self._read_rest(stream, head, name)
        except _UNREADABLE as e:
            if isinstance(e, DatasetError):
                raise
            raise DatasetError(
                N_("{file} is damaged inside the ZIP. Make the ZIP again, or leave this file out."), file=readable(name)
            ) from e

    def _read_rest(self, stream: IO[bytes], head: bytes, name: str) -> bytes:
        most_of_one = 4 * get_settings().max_image_pixels
        data = bytearray(head)
        while chunk := stream.read(_CHUNK):
            data += chunk
            self._unpacked += len(chunk)
            self._check_unpacked()
            if len(data) > most_of_one:
                raise DatasetError(
                    N_("{file} unpacks to more than {most:g} MB. Use a smaller image."),
                    file=readable(name),
                    most=round(most_of_one / 1e6, 1),
                )
        return bytes(data)

    def _check_unpacked(self) -> None:
        bomb = self._unpacked > _RATIO_MATTERS_FROM and self._unpacked > _MAX_RATIO * self._size
        if bomb or self._unpacked > get_settings().max_archive_bytes:
            raise UploadRefusedError(
                N_(
                    "{file} unpacks to far more than its size, so reading was stopped. Make a ZIP of ordinary photos, "
                    "with fewer or smaller images."
                ),
                file=self.name,
            )

    def _too_many_entries(self) -> DatasetError:
        return DatasetError(
            N_("{file} holds more than {most} files. Use fewer images."),
            file=self.name,
            most=get_settings().max_archive_entries,
        )

    def _not_a_zip(self) -> DatasetError:
        return DatasetError(
            N_(
                "{file} is not a ZIP file, or it is damaged. RAR, 7z and TAR are not read: make a ZIP with one folder "
                "of images for each class."
            ),
            file=self.name,
        )


def _decoded_name(member: zipfile.ZipInfo) -> str:
    """The name, also where the ZIP holds UTF-8 without saying so, as macOS writes it."""
    if not member.flag_bits & _NAME_IS_UTF8:
        try:
            return member.filename.encode("cp437").decode("utf-8")
        except UnicodeError:
            return member.filename
    return member.filename


def _directory_bytes(path: Path, size: int) -> int:
    """How long the ZIP's directory says that it is; 0 where none is found."""
    with path.open("rb") as file:
        file.seek(max(0, size - 66_000))  # the end record and the longest comment that may follow it
        tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 16:
        return 0
    (length,) = struct.unpack_from("<I", tail, end + 12)
    large = tail.rfind(b"PK\x06\x06")
    if length == 0xFFFFFFFF and large >= 0 and len(tail) >= large + 48:
        (length,) = struct.unpack_from("<Q", tail, large + 40)
    return int(length)
