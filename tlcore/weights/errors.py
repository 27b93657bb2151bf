"""What is said of a weights file that cannot be read, whatever its format."""

from __future__ import annotations

from pathlib import Path

from ..errors import WeightsError
from ..translatable import N_


def damaged_weights(path: Path, error: Exception) -> WeightsError:
    """The error for a file that breaks off or makes no sense."""
    return WeightsError(
        N_(
            "Expected a whole weights file. Received: {path} ({size} bytes), which is damaged or breaks off: "
            "{reason}. Download or copy it again."
        ),
        path=str(path),
        size=path.stat().st_size if path.is_file() else 0,
        reason=str(error)[:200].rstrip("."),
    )
