"""The tasks of the trainer: a run that can be watched, stopped and gone on with, and the images behind its numbers."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from ...errors import InvalidArgumentError
from ...files import atomic_path
from ...translatable import N_
from ..job import JobContext, plain
from .datasets import class_titles, read
from .references import DatasetReference
from .trained_run import TrainedRun, trained_run

if TYPE_CHECKING:
    from pathlib import Path

    from ...datasets import Dataset
    from ...store import OwnerStore
    from ...training import Run, TrainingSpec
    from ...training.checkpoint import StartingPoint

CHECKPOINT_FILE = "checkpoint.npz"

#: A kept run may be gone on with if its state (weights and the optimizer's memory) takes at most this share of the
#: space that the session has left.
_SHARE_FOR_STATE = 0.25


def train(
    context: JobContext,
    *,
    spec: TrainingSpec,
    data: DatasetReference,
    go_on: bool | None = None,
    from_run: str | None = None,
    more: bool = False,
    name: str = "",
) -> TrainedRun:
    """Trains, keeps the run in the store, returns all of it but the network.

    The first event is {"kind": "begin", "spec", "data", "rows"}, as JSON holds them: what a page that is opened
    again needs.

    Args:
        context: Of the job.
        spec: Settings of the run.
        data: The images.
        go_on: True goes on from the session's last checkpoint if it is of the same run, which may now have more
            epochs; False begins anew and writes checkpoints; None writes none.
        from_run: Id of a kept run to go on from, instead of the last checkpoint.
        more: Train the epochs that are asked for even where early stopping had ended the phase.
        name: What to call the run; without it, what is in `spec`.
    """
    from ...projects import PROJECT_FILE, save_project
    from ...training import train as train_network
    from ...training.checkpoint import find_starting_point

    dataset = read(context, data)
    checkpoint = None if go_on is None else context.store.unfinished_file(CHECKPOINT_FILE)
    kept = context.store.path("runs", from_run, CHECKPOINT_FILE) if from_run is not None else None
    start = find_starting_point(spec, dataset, kept or (checkpoint if go_on else None))
    if more:
        start = start.with_new_patience()
    if checkpoint is not None:
        _prepare_checkpoint(checkpoint, start, kept)
    rows = start.checkpoint.history if start.checkpoint is not None else []
    asked = {"spec": spec.model_dump(mode="json"), "data": data.model_dump(mode="json")}
    context.emit({"kind": "begin", **asked, "rows": rows})
    run = train_network(
        spec,
        dataset,
        on_event=context.emit,
        should_stop=context.should_stop,
        checkpoint=checkpoint,
        start=start,
    )
    facts: dict[str, Any] = plain(_summary(run, dataset, data))
    title = name or f"{spec.base} · {spec.method} · {dataset.name}"
    with context.store.draft("runs", name=title) as draft:
        save_project(run, draft.folder / PROJECT_FILE)
        facts["can_go_on"] = _keep_state(context.store, checkpoint, draft.folder)
        draft.details.update(facts)
    return trained_run(draft.item_id, facts)


def _prepare_checkpoint(checkpoint: Path, start: StartingPoint, kept: Path | None) -> None:
    """Lets the last checkpoint be the state that the run starts from, and no other.

    Raises:
        InvalidArgumentError: The state of the kept run is not there, or of other images or settings.
    """
    if start.checkpoint is not None:
        if kept is not None:
            with atomic_path(checkpoint) as draft:
                shutil.copyfile(kept, draft)
    elif kept is not None:
        raise InvalidArgumentError(
            N_(
                "Expected a kept run with its state, of the same images and settings. Received: one that cannot be "
                "gone on with. Start a new run."
            )
        )
    else:
        checkpoint.unlink(missing_ok=True)


def _keep_state(store: OwnerStore, checkpoint: Path | None, folder: Path) -> bool:
    """Puts the state of a finished run beside it, if there is room enough for more runs after it."""
    if checkpoint is None or not checkpoint.is_file():
        return False
    if checkpoint.stat().st_size > _SHARE_FOR_STATE * store.room_bytes():
        return False
    shutil.copyfile(checkpoint, folder / CHECKPOINT_FILE)
    return True


def _summary(run: Run, dataset: Dataset, data: DatasetReference) -> dict[str, Any]:
    """The fields of a run but the network."""
    return {
        "spec": run.spec.model_dump(mode="json"),
        "data": data.model_dump(mode="json"),
        "dataset": dataset.name,
        "class_names": run.class_names,
        "class_titles": class_titles(dataset, data),
        "history": run.history,
        "layer_history": run.layer_history[-1:],  # pages show the gradients and the drift of the last epoch
        "trainable_tensors_before": run.trainable_tensors_before,
        "trainable_tensors_after": run.trainable_tensors_after,
        "trainable_tensors_fine_tuning": run.trainable_tensors_fine_tuning,
        "weight_drift": run.weight_drift,
        "timings": run.timings,
        "test_metrics": run.test_metrics,
        "cost_ledger": run.cost_ledger,
        "notes": run.notes,
        "stopped": run.stopped,
    }
