"""Where a run stands after an epoch: enough to go on with the same result as if nothing had happened."""

from __future__ import annotations

import hashlib
import io
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tlcore.features.cache import images_digest
from tlcore.files import atomic_path

from .costs import PhaseCosts
from .loop import PhaseState
from .phases import phase_names
from .specification import TrainingSpec, first_phase_settings, settings_without_epochs

if TYPE_CHECKING:
    from tlcore.datasets import Dataset

    from .run import Run

Arrays = list[NDArray[Any]]
_LISTS = ("values", "optimizer", "best", "tensors", "head_before")


@dataclass
class Checkpoint:
    """A run after a whole epoch, or where the person stopped it.

    Attributes:
        fingerprint: Of its phase, see `StartingPoint`.
        phase_number: Number of the phase.
        state: Where that phase stands.
        history: Rows so far, over all phases.
        layer_history: Drift and gradient norms of each epoch.
        timings: Phase -> seconds so far.
        costs: What the inputs of each phase so far cost, over all phases.
        values: Variables of the part that is trained in this phase; empty where they are as in `tensors`.
        optimizer: Variables of its optimiser; empty where it begins anew.
        tensors, tensor_names: Weights of the whole network, where they are not those that the settings name: a run
            that came from a file brings its own.
        head_before: Weights of the head as they were when fine-tuning began, in order; empty before.
    """

    fingerprint: str
    phase_number: int
    state: PhaseState
    history: list[dict[str, Any]]
    layer_history: list[dict[str, Any]]
    timings: dict[str, float]
    costs: list[PhaseCosts]
    values: Arrays = field(default_factory=list, repr=False)
    optimizer: Arrays = field(default_factory=list, repr=False)
    tensors: Arrays = field(default_factory=list, repr=False)
    tensor_names: list[str] = field(default_factory=list, repr=False)
    head_before: Arrays = field(default_factory=list, repr=False)


@dataclass(frozen=True)
class StartingPoint:
    """Where a run begins: at the state in which an equal one was left, or anew.

    Attributes:
        fingerprints: Hashes of what the first and the second phase depend on: settings, without the numbers of epochs,
            and data. Where that of a phase is equal, a run may go on where another stopped in it.
        checkpoint: None begins anew.
    """

    fingerprints: tuple[str, str]
    checkpoint: Checkpoint | None = None

    def with_new_patience(self) -> StartingPoint:
        """The same for whoever asks for more epochs where early stopping had ended the phase."""
        if self.checkpoint is None:
            return self
        state = replace(self.checkpoint.state, waited=0)
        return replace(self, checkpoint=replace(self.checkpoint, state=state))


def find_starting_point(spec: TrainingSpec, data: Dataset, path: Path | None) -> StartingPoint:
    """Reads the checkpoint at `path` if there is a whole one that `spec` can go on from; else the run begins anew."""
    checkpoint = _read_checkpoint(path) if path is not None else None
    return starting_point(spec, data, checkpoint)


def starting_point(spec: TrainingSpec, data: Dataset, checkpoint: Checkpoint | None) -> StartingPoint:
    """The same for a checkpoint at hand. It hashes the images, which takes a moment: once a run is enough."""
    images = "".join(f"{images_digest(part.images)}{images_digest(part.labels)}" for part in data.splits.values())

    def fingerprint(settings: dict[str, Any]) -> str:
        return hashlib.blake2b(f"{json.dumps(settings, sort_keys=True)}{images}".encode(), digest_size=16).hexdigest()

    fingerprints = fingerprint(first_phase_settings(spec)), fingerprint(settings_without_epochs(spec))
    fits = (
        checkpoint is not None
        and checkpoint.phase_number < len(phase_names(spec))
        and checkpoint.fingerprint == fingerprints[checkpoint.phase_number]
    )
    return StartingPoint(fingerprints, checkpoint if fits else None)


def starting_point_of(run: Run, spec: TrainingSpec, data: Dataset) -> StartingPoint:
    """Where a run from a file stands: its weights came with it, the optimiser's memory did not.

    Args:
        run: From `tlcore.load_project`.
        spec: The same settings, perhaps with more epochs; others begin anew.
        data: The images that it was trained on.
    """
    start, names = starting_point(spec, data, None), phase_names(spec)
    phase = run.history[-1]["phase"] if run.history else ""
    if phase not in names:
        return start
    number = names.index(phase)
    settings = settings_without_epochs if number else first_phase_settings
    if settings(run.spec) != settings(spec):
        return start
    tensors = {name: variable.numpy() for name, variable in run.network.tensors().items()}
    checkpoint = Checkpoint(
        fingerprint=start.fingerprints[number],
        phase_number=number,
        state=PhaseState(epoch=sum(row["phase"] == phase for row in run.history)),
        history=list(run.history),
        layer_history=list(run.layer_history),
        timings=dict(run.timings),
        costs=[],
        tensors=list(tensors.values()),
        tensor_names=list(tensors),
        head_before=list(run.head_before.values()),
    )
    return replace(start, checkpoint=checkpoint)


def save_checkpoint(checkpoint: Checkpoint, path: Path) -> bool:
    """Writes it by one atomic rename, so that a killed process leaves the last whole one.

    Returns:
        False if the disk did not take it (full, read-only); the run can go on without.
    """
    facts = {name: value for name, value in vars(checkpoint).items() if name not in (*_LISTS, "state")}
    facts["state"] = {name: value for name, value in vars(checkpoint.state).items() if name not in _LISTS}
    facts["costs"] = [asdict(cost) for cost in checkpoint.costs]
    lists = {name: getattr(checkpoint, name) for name in _LISTS if name != "best"} | {"best": checkpoint.state.best}
    arrays = {f"{name}_{index}": array for name in _LISTS for index, array in enumerate(lists[name])}
    arrays["facts"] = np.frombuffer(json.dumps(facts).encode(), np.uint8)
    try:
        with atomic_path(path) as draft, draft.open("wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
    except OSError:
        return False
    return True


class CheckpointWriter:
    """Keeps the latest checkpoint of a run on disk, seldom enough to cost less than a twentieth of the time.

    An epoch without one is trained again after a crash, with the same result: only time is lost.

    Args:
        path: The file.
        keep: Called with what was written, for copies elsewhere; says whether it was taken.
    """

    _SHARE = 0.05

    def __init__(self, path: Path, keep: Callable[[Checkpoint], bool] = lambda _checkpoint: True) -> None:
        self.path = path
        self._keep = keep
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
        if self._wrote_at_s is None:  # drafts of a process that was killed while it wrote
            for draft in self.path.parent.glob(f".{self.path.name}.*.tmp"):
                draft.unlink(missing_ok=True)
        kept = save_checkpoint(checkpoint, self.path) and self._keep(checkpoint)
        self._wrote_at_s = time.perf_counter()
        self._took_s = self._wrote_at_s - start_s
        return kept


def _read_checkpoint(path: Path) -> Checkpoint | None:
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
            facts = json.loads(file["facts"].tobytes())
            lists: dict[str, Any] = {name: _read_list(file, name) for name in _LISTS}
        best = lists.pop("best")
        state = PhaseState(**facts.pop("state"), best=best)
        costs = [PhaseCosts(**cost) for cost in facts.pop("costs")]
        return Checkpoint(**facts, **lists, state=state, costs=costs)
    except Exception:  # not there, or damaged: numpy's reader raises whatever the damage leads to
        return None


def _read_list(file: Any, name: str) -> Arrays:
    count = sum(key.rpartition("_")[0] == name for key in file.files)
    return [file[f"{name}_{index}"] for index in range(count)]
