"""The project file as a ZIP archive: two members with fixed names, read with limits, written all or nothing."""

from __future__ import annotations

import zipfile
from pathlib import Path
from zlib import error as ZlibError  # noqa: N812 - its own name tells nothing

from pydantic import ValidationError

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
            raise damaged_project(path, error) from error


def damaged_project(path: Path, error: Exception | str) -> ProjectError:
    """The error for a file that breaks off or makes no sense."""
    return ProjectError(
        N_(
            "Expected a whole project file. Received: {path}, which is damaged or was made by another program: "
            "{reason}. Save or copy it again."
        ),
        path=path.name,
        reason=_reason(error)[:300].rstrip("."),
    )


def _reason(error: Exception | str) -> str:
    """What is wrong, without names of classes or of files that nobody knows."""
    if isinstance(error, OSError):
        return error.strerror or "?"
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg'].removeprefix('Value error, ')}"
    return str(error).removeprefix("Error while deserializing header: ")


def _opened(path: Path) -> zipfile.ZipFile:
    if not path.is_file():
        raise ProjectError(
            N_("Expected the path of a project file. Received: {path}, which is not there. Check the path."),
            path=str(path),
        )
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise damaged_project(path, error) from error


def _read(archive: zipfile.ZipFile, path: Path, name: str, limit: int) -> bytes:
    member = _member(archive, path, name, limit)
    try:
        with archive.open(member) as file:
            content = file.read(limit + 1)
    except (zipfile.BadZipFile, ZlibError, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise damaged_project(path, error) from error
    if len(content) != member.file_size:
        raise damaged_project(path, f"{name} has another length than it says")
    return content


def _member(archive: zipfile.ZipFile, path: Path, name: str, limit: int) -> zipfile.ZipInfo:
    names = [member.filename for member in archive.infolist()]
    if sorted(names) != sorted([DOCUMENT, WEIGHTS]):
        raise damaged_project(path, f"it holds {len(names)} files, not {DOCUMENT} and {WEIGHTS}")
    member = archive.getinfo(name)
    if member.file_size > limit:
        raise ProjectError(
            N_("Expected {name} in a project file to have at most {limit} bytes. Received: {size}. Use a smaller one."),
            name=name,
            limit=limit,
            size=member.file_size,
        )
    return member
