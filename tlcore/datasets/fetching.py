"""Fetches the files of a public set once for everybody on this server, and unpacks what is needed of them."""

from __future__ import annotations

import gzip
import re
import shutil
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from ..download import Refusals, check_address, download
from ..errors import DatasetError
from ..settings import get_settings
from ..translatable import N_
from .specification import Download, RemoteFile

Progress = Callable[[int, int], None]

_REFUSALS = Refusals(
    error=DatasetError,
    silent=N_(
        "These images are not available here: {url} did not answer within {limit_s:g} s. Without a network, choose a "
        "set that is on this machine."
    ),
    unreachable=N_(
        "These images are not available here: {url} cannot be reached. Without a network, choose a set that is on this "
        "machine."
    ),
    refused=N_(
        "These images are not available now: instead of {url} the server answers {status}. Try again later, or choose "
        "a set that is on this machine."
    ),
)
_COPIED_BYTES = 1024 * 1024


def check_reachable(wanted: Download) -> None:
    """Asks for the first file without taking it; an answer, or none, comes within `TLCORE_CONNECT_TIMEOUT_S`.

    Raises:
        DatasetError: It is not to be had, or the set is larger than what this lab downloads.
    """
    _check_size(wanted)
    check_address(wanted.files[0].url, _REFUSALS)


def fetch(wanted: Download, *, progress: Progress | None = None, unpacking: Progress | None = None) -> Path:
    """Fetches and unpacks a set; one that is here is left alone, and what an earlier try got is continued.

    Args:
        wanted: The set.
        progress: Called with bytes so far and bytes in all; what it raises stops the work.
        unpacking: The same while the files are unpacked.

    Returns:
        The folder with its files.

    Raises:
        DatasetError: It does not come, is too large or another one than was published.
    """
    import locket

    _check_size(wanted)
    wanted.path.parent.mkdir(parents=True, exist_ok=True)
    with locket.lock_file(str(wanted.path.with_name(f"{wanted.folder}.lock"))):
        if not wanted.bring():
            _unpack_all(wanted, _receive(wanted, progress), unpacking)
            wanted.share()
    return wanted.path


def _receive(wanted: Download, progress: Progress | None) -> list[Path]:
    """Where the files lie once all have come."""
    targets, before = [], 0
    for file in wanted.files:

        def report(done: int, _total: int | None, before: int = before) -> None:
            if progress is not None:
                progress(min(before + done, wanted.num_bytes), wanted.num_bytes)

        target = wanted.path.with_name(f"{wanted.folder}-{file.name}")
        targets.append(
            download(file.url, target, file.file_hash, refusals=_REFUSALS, progress=report, most_bytes=_most())
        )
        before += file.num_bytes
    return targets


def _unpack_all(wanted: Download, sources: list[Path], progress: Progress | None) -> None:
    """The set appears whole, or not at all; what it came in is deleted then."""
    draft = wanted.path.with_name(f"{wanted.folder}-unpacking")
    shutil.rmtree(draft, ignore_errors=True)
    for file, source in zip(wanted.files, sources, strict=True):
        _unpack(file, source, draft, progress)
    draft.rename(wanted.path)
    for source in sources:
        source.unlink()


def _most() -> int:
    return get_settings().max_download_bytes


def _check_size(wanted: Download) -> None:
    if wanted.num_bytes > _most():
        raise DatasetError(
            N_(
                "These images are not available here: to fetch them takes {size} MB, and this lab downloads {most} MB "
                "at most. Whoever runs it raises TLCORE_MAX_DOWNLOAD_BYTES."
            ),
            size=wanted.num_bytes // 10**6,
            most=_most() // 10**6,
        )


def _unpack(file: RemoteFile, source: Path, folder: Path, progress: Progress | None) -> None:
    """Writes what is kept of a file; its names come from a pattern, so none can lead out of the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        if not file.keep:
            with gzip.open(source) as single:
                _write(single, folder / Path(file.name).stem)
            return
        pattern = re.compile(file.keep)
        for name, content, done, total in _members(source):
            found = pattern.fullmatch(name)
            if found is not None:
                _write(content, folder / found.groupdict().get("folder", "") / found["file"])
            if progress is not None:
                progress(done, total)
    except (tarfile.TarError, zipfile.BadZipFile, gzip.BadGzipFile, EOFError) as error:
        source.unlink()
        raise DatasetError(N_("{file} cannot be unpacked. It was deleted; fetch it again."), file=file.name) from error


def _members(source: Path) -> Iterator[tuple[str, IO[bytes], int, int]]:
    """Each file of an archive: its name, its content, and how far one has come."""
    if zipfile.is_zipfile(source):
        with zipfile.ZipFile(source) as archive:
            names = archive.infolist()
            for done, member in enumerate(names, start=1):
                if not member.is_dir():
                    with archive.open(member) as content:
                        yield member.filename, content, done, len(names)
        return
    size = source.stat().st_size
    with source.open("rb") as packed, tarfile.open(fileobj=packed, mode="r|gz") as files:
        for entry in files:
            opened = files.extractfile(entry) if entry.isfile() else None
            if opened is not None:
                yield entry.name, opened, min(packed.tell(), size), size


def _write(content: IO[bytes] | gzip.GzipFile, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        shutil.copyfileobj(content, file, _COPIED_BYTES)
