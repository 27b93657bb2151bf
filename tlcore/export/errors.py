"""What is said of a file that could not be written, whatever its format."""

from __future__ import annotations

from pathlib import Path

from ..errors import ExportError
from ..translatable import N_


def cannot_write(path: Path) -> ExportError:
    """The error for a full disk or a folder that cannot be written."""
    return ExportError(
        N_(
            "{path} could not be written: the disk is full, or the folder cannot be used. Free some space or choose "
            "another place."
        ),
        path=str(path),
    )
