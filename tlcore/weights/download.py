"""Downloads of weights: `tlcore.download` with what is said to whoever wants weights and has no network."""

from __future__ import annotations

from pathlib import Path

from .. import download as files
from ..download import Progress, Refusals, has_hash
from ..errors import WeightsError
from ..translatable import N_

__all__ = ["Progress", "download", "has_hash"]

_REFUSALS = Refusals(
    error=WeightsError,
    silent=N_(
        "Expected an answer from {url} within {limit_s:g} s. Received: none. Without a network, use "
        "EfficientNetLite0 or VGG16Slim, whose weights are on this machine, or fetch the files on another one with "
        "`{command}` and set TLCORE_WEIGHTS_DIR to that folder."
    ),
    unreachable=N_(
        "Expected a connection to {url}. Received: none. Without a network, use EfficientNetLite0 or "
        "VGG16Slim, whose weights are on this machine, or fetch the files on another one with `{command}` and set "
        "TLCORE_WEIGHTS_DIR to that folder."
    ),
    refused=N_(
        "Expected the file {url}. Received: the server's answer {status}. Try again later, or fetch the file with "
        "a browser and put it in the folder TLCORE_WEIGHTS_DIR."
    ),
    params={"command": "python -m tlcore.weights fetch NAMES --to FOLDER"},
)


def download(
    url: str, target: Path, file_hash: str | None = None, *, progress: Progress | None = None, attempts: int = 3
) -> Path:
    """Downloads a file of weights; see `tlcore.download.download`.

    Raises:
        WeightsError: It does not come.
    """
    return files.download(url, target, file_hash, refusals=_REFUSALS, progress=progress, attempts=attempts)
