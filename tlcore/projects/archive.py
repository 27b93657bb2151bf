"""The project file as a ZIP archive: two members with fixed names, read with limits, written all or nothing."""

from __future__ import annotations

import zipfile
from pathlib import Path
from zlib import error as ZlibError  # noqa: N812 - its own name tells nothing

from ..errors import ProjectError
from ..files import atomic_path
from ..settings import get_settings
from ..translatable import N_

DOCUMENT = "project.json"
WEIGHTS = "weights.safetensors"
_MAX_DOCUMENT_BYTES = 32 * 1024**2
_CHUNK_BYTES = 1024**2


def write_archive(path: Path, document: bytes, weights: Path) -> None:
    """Writes both members to `path`; what was there stays until all is written.

    Raises:
        OSError: The disk is full or the folder cannot be written.
    """
    with atomic_path(path) as draft, zipfile.ZipFile(draft, "w") as archive:
        archive.writestr(zipfile.ZipInfo(DOCUMENT), document, zipfile.ZIP_DEFLATED)
        archive.write(weights, WEIGHTS)  # stored: random-looking numbers do not get smaller


def read_document(path: Path) -> bytes:
    """The JSON member.

    Raises:
        ProjectError: No project file, damaged, or too large.
    """
    with _opened(path) as archive:
        return _read(archive, path, DOCUMENT, _MAX_DOCUMENT_BYTES)


def extract_weights(path: Path, target: Path) -> None:
    """Writes the weights member to `target`.

    Raises:
        ProjectError: No project file, damaged, or too large.
    """
    with _opened(path) as archive:
        member = _member(archive, path, WEIGHTS, get_settings().max_archive_bytes)
        left = member.file_size
        try:
            with archive.open(member) as source, target.open("wb") as file:
                while chunk := source.read(_CHUNK_BYTES):
                    left -= len(chunk)
                    if left < 0:
                        raise zipfile.BadZipFile(f"{WEIGHTS} is longer than it says")
                    file.write(chunk)
        except (zipfile.BadZipFile, ZlibError, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise damaged_project(path, _broken_off()) from error


def damaged_project(path: Path, reason: ProjectError) -> ProjectError:
    """The error for a file that breaks off or makes no sense; `reason` is the part of its sentence that says why."""
    return ProjectError(
        N_(
            "Expected a whole project file. Received: {path}, which is damaged or was made by another program: "
            "{reason}. Save or copy it again."
        ),
        path=path.name,
        reason=reason,
    )


def _broken_off() -> ProjectError:
    return ProjectError(N_("it is no whole ZIP file, or bytes in it have changed"))


def _opened(path: Path) -> zipfile.ZipFile:
    if not path.is_file():
        raise ProjectError(
            N_("Expected the path of a project file. Received: {path}, which is not there. Check the path."),
            path=str(path),
        )
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise damaged_project(path, _broken_off()) from error


def _read(archive: zipfile.ZipFile, path: Path, name: str, limit: int) -> bytes:
    member = _member(archive, path, name, limit)
    try:
        with archive.open(member) as file:
            content = file.read(limit + 1)
    except (zipfile.BadZipFile, ZlibError, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise damaged_project(path, _broken_off()) from error
    if len(content) != member.file_size:
        raise damaged_project(path, _broken_off())
    return content


def _member(archive: zipfile.ZipFile, path: Path, name: str, limit: int) -> zipfile.ZipInfo:
    names = [member.filename for member in archive.infolist()]
    if sorted(names) != sorted([DOCUMENT, WEIGHTS]):
        reason = N_("it holds {count} files, not {first} and {second}")
        raise damaged_project(path, ProjectError(reason, count=len(names), first=DOCUMENT, second=WEIGHTS))
    member = archive.getinfo(name)
    if member.file_size > limit:
        raise ProjectError(
            N_("Expected {name} in a project file to have at most {limit} bytes. Received: {size}. Use a smaller one."),
            name=name,
            limit=limit,
            size=member.file_size,
        )
    return member
