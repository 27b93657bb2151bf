"""Where a run stands after an epoch: enough to go on with the same result as if nothing had happened."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from tlcore.features.cache import images_digest

from .specification import TrainingSpec

if TYPE_CHECKING:
    from tlcore.datasets import Dataset

Arrays = list[NDArray[Any]]
_LISTS = ("values", "optimizer", "best")


@dataclass
class Checkpoint:
    """A run after a whole epoch.

    Attributes:
        fingerprint: Hash of the specification (without the number of epochs) and the data.
        place: Number of the phase.
        epoch: Whole epochs done in that phase.
        best_loss: Lowest validation loss in that phase.
        waited: Epochs since then.
        history: Rows so far, over all phases.
        layer_history: Drift and gradient norms of each epoch.
        timings: Phase -> seconds so far.
        values: Variables of the part that is trained in this phase.
        optimizer: Variables of its optimiser.
        best: Variables at the best epoch; empty before the first one.
    """

    fingerprint: str
    place: int
    epoch: int
    best_loss: float
    waited: int
    history: list[dict[str, Any]]
    layer_history: list[dict[str, Any]]
    timings: dict[str, float]
    values: Arrays = field(default_factory=list, repr=False)
    optimizer: Arrays = field(default_factory=list, repr=False)
    best: Arrays = field(default_factory=list, repr=False)


def fingerprint(spec: TrainingSpec, data: Dataset) -> str:
    """Equal for runs of which one may go on where the other stopped: the number of epochs may differ."""
    settings = spec.model_dump_json(exclude={"epochs", "fine_tuning_epochs"})
    digest = hashlib.blake2b(settings.encode(), digest_size=16)
    for split in data.splits.values():
        digest.update(f"{images_digest(split.images)}{images_digest(split.labels)}".encode())
    return digest.hexdigest()


def save_checkpoint(checkpoint: Checkpoint, path: Path) -> bool:
    """Writes it by one atomic rename, so that a killed process leaves the last whole one.

    Returns:
        False if the disk did not take it (full, read-only); the run can go on without.
    """
    facts = {name: value for name, value in asdict(checkpoint).items() if name not in _LISTS}
    arrays = {f"{name}_{place}": array for name in _LISTS for place, array in enumerate(getattr(checkpoint, name))}
    arrays["facts"] = np.frombuffer(json.dumps(facts).encode(), np.uint8)
    draft = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        with os.fdopen(handle, "wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
        Path(draft).replace(path)
    except OSError:
        if draft is not None:
            Path(draft).unlink(missing_ok=True)
        return False
    return True


class CheckpointWriter:
    """Keeps the latest checkpoint of a run on disk, seldom enough to cost less than a twentieth of the time.

    An epoch without one is trained again after a crash, with the same result: only time is lost.

    Args:
        path: The file.
    """

    _SHARE = 0.05

    def __init__(self, path: Path) -> None:
        self.path = path
        self._wrote_at_s: float | None = None
        self._took_s = 0.0

    def is_due(self, *, last: bool) -> bool:
        """Whether to write one after this epoch; always after the first and the last of a phase."""
        if last or self._wrote_at_s is None:
            return True
        return time.perf_counter() - self._wrote_at_s > self._took_s / self._SHARE

    def write(self, checkpoint: Checkpoint) -> bool:
        """As `save_checkpoint`."""
        start_s = time.perf_counter()
        kept = save_checkpoint(checkpoint, self.path)
        self._wrote_at_s = time.perf_counter()
        self._took_s = self._wrote_at_s - start_s
        return kept


def load_checkpoint(path: Path, expected: str) -> Checkpoint | None:
    """The checkpoint at `path` if there is a whole one of the same run, else None."""
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
            facts = json.loads(file["facts"].tobytes())
            lists: dict[str, Any] = {name: _read_list(file, name) for name in _LISTS}
        found = Checkpoint(**facts, **lists)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile):  # damaged: begin anew
        return None
    return found if found.fingerprint == expected else None


def _read_list(file: Any, name: str) -> Arrays:
    count = sum(key.rpartition("_")[0] == name for key in file.files)
    return [file[f"{name}_{place}"] for place in range(count)]
