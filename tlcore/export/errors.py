"""What is said of a file that could not be written, whatever its format."""

from __future__ import annotations

from pathlib import Path

from ..errors import ExportError
from ..translatable import N_


def cannot_write(path: Path, error: OSError) -> ExportError:
    """The error for a full disk or a folder that cannot be written."""
    return ExportError(
        N_("Expected to write {path}. Received: {reason}. Free some space or choose another place."),
        path=str(path),
        reason=str(error),
    )
