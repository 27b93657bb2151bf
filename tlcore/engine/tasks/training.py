"""The task of the trainer: a run that can be watched, stopped, and gone on with after any interruption."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass
from math import ceil, prod
from typing import TYPE_CHECKING, Any

from ...errors import InvalidArgumentError, StorageError
from ...files import atomic_path
from ...translatable import N_
from ..job import JobContext, plain
from .datasets import class_titles, read
from .limits import check_training
from .networks import open_network
from .references import DatasetReference, NetworkReference
from .trained_run import TrainedRun, kept_run, project_path, project_summary, trained_run
from .unfinished import CHECKPOINT_FILE, UnfinishedRun, forget_unfinished, last_state, unfinished_run

if TYPE_CHECKING:
    from pathlib import Path

    from ...datasets import Dataset
    from ...projects import ProjectImages
    from ...store import OwnerStore
    from ...training import Run, TrainingSpec
    from ...training.checkpoint import Checkpoint, StartingPoint

#: A kept run may be gone on with if its state (weights and the optimizer's memory) takes at most this share of the
#: space that the session has left.
_SHARE_FOR_STATE = 0.25
#: Updates of single weights that take about three seconds on two cores.
_BRIEF_UPDATES = 5e8


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
        go_on: True goes on from the session's last state if it is of the same run, which may now have more epochs;
            False begins anew and keeps its state as it goes; None keeps none.
        from_run: Id of a kept run, or of an interrupted one (see `unfinished`), to go on from, instead of the last.
        more: Train the epochs that are asked for even where early stopping had ended the phase.
        name: What to call the run; without it, what is in `spec`.
    """
    dataset = read(context, data)
    check_training(spec, dataset)
    title = name or f"{spec.base} · {spec.method} · {dataset.name}"
    asked = _Asked(spec, data, dataset, title, more)
    if not (context.may_take_minutes or _is_brief(context, asked)):
        context.take_minutes()
    if go_on is None and from_run is None:
        return _train(context, asked, _starting_point(asked, None))
    kept, item = _where_from(context.store, go_on=bool(go_on), from_run=from_run)
    start = _starting_point(asked, kept)
    if start.checkpoint is None and from_run is not None and item is None and _may_go_on(context.store, from_run):
        start = _start_of_project(context.store, asked, from_run)
    if start.checkpoint is None and kept is not None and from_run is not None:
        raise InvalidArgumentError(
            N_(
                "Expected a kept run with its state, of the same images and settings. Received: one that cannot be "
                "gone on with. Start a new run."
            )
        )
    if start.checkpoint is None and from_run is None:
        item = None
    with unfinished_run(context.store, item, name=title) as unfinished:
        if item is None and start.checkpoint is not None:
            _put_state(start.checkpoint, kept, unfinished.checkpoint)
            unfinished.keep(start.checkpoint)
        unfinished.remember(spec, data)
        run = _train(context, asked, start, unfinished)
        if not run.can_go_on:
            unfinished.remember(spec, data, ended=True)
    if run.can_go_on:
        with suppress(StorageError):  # the run is kept; this goes when it is not used
            forget_unfinished(context.store, unfinished.item_id)
    return run


def _may_go_on(store: OwnerStore, run_id: str) -> bool:
    kept = kept_run(store, run_id)
    return kept is not None and kept.run.can_go_on


@dataclass(frozen=True)
class _Asked:
    """What a run is to do, on which images."""

    spec: TrainingSpec
    data: DatasetReference
    dataset: Dataset
    title: str
    more: bool


def _where_from(store: OwnerStore, *, go_on: bool, from_run: str | None) -> tuple[Path | None, str | None]:
    """The state to go on from, and the unfinished run that it is of, if it is of one."""
    unfinished = {item.item_id for item in store.items("unfinished")}
    item = from_run if from_run in unfinished else last_state(store) if from_run is None and go_on else None
    if item is not None:
        state = store.path("unfinished", item, CHECKPOINT_FILE)
        return (state if state.is_file() else None), item
    return (store.path("runs", from_run, CHECKPOINT_FILE) if from_run is not None else None), None


def _starting_point(asked: _Asked, kept: Path | None) -> StartingPoint:
    from ...training.checkpoint import find_starting_point

    start = find_starting_point(asked.spec, asked.dataset, kept)
    return start.with_new_patience() if asked.more else start


def _start_of_project(store: OwnerStore, asked: _Asked, run_id: str) -> StartingPoint:
    """Of a kept run without its state: the weights of its project file, if its images are the very same."""
    from ...datasets import dataset_digest
    from ...projects import load_project
    from ...training.checkpoint import starting_point, starting_point_of

    images = project_summary(store, run_id).images
    if images is None or images.digest != dataset_digest(asked.dataset):
        return starting_point(asked.spec, asked.dataset, None)
    return starting_point_of(load_project(project_path(store, run_id)), asked.spec, asked.dataset)


def _put_state(state: Checkpoint, kept: Path | None, target: Path) -> None:
    """A run is gone on with from a copy, so that an interruption leaves it where it stood."""
    from ...training.checkpoint import save_checkpoint

    if kept is None or not kept.is_file():
        save_checkpoint(state, target)
        return
    with atomic_path(target) as draft:
        shutil.copyfile(kept, draft)


def _train(
    context: JobContext, asked: _Asked, start: StartingPoint, unfinished: UnfinishedRun | None = None
) -> TrainedRun:
    from ...projects import PROJECT_FILE, save_project
    from ...training.checkpoint import CheckpointWriter
    from ...training.checks import check_dataset
    from ...training.events import RunEvents
    from ...training.run_in_progress import RunInProgress
    from ...training.trainer import finish

    rows = start.checkpoint.history if start.checkpoint is not None else []
    begun = {"spec": asked.spec.model_dump(mode="json"), "data": asked.data.model_dump(mode="json")}
    context.emit({"kind": "begin", **begun, "rows": rows})
    check_dataset(asked.dataset)
    events = RunEvents(context.emit, context.should_stop, out_of_time=context.out_of_time)
    writer = CheckpointWriter(unfinished.checkpoint, unfinished.keep) if unfinished is not None else None
    base = _shared_base(context, asked)
    run = finish(RunInProgress(asked.spec, asked.dataset, events, start, writer, shared_base=base))
    facts: dict[str, Any] = plain(_summary(run, asked.dataset, asked.data))
    with context.store.draft("runs", name=asked.title) as draft:
        save_project(run, draft.folder / PROJECT_FILE, name=asked.title, images=_project_images(asked))
        state = unfinished.checkpoint if unfinished is not None else None
        facts["can_go_on"] = _keep_state(context.store, state, draft.folder)
        draft.details.update(facts)
    return trained_run(draft.item_id, facts)


def _project_images(asked: _Asked) -> ProjectImages:
    from ...datasets import dataset_digest
    from ...projects import ProjectImages

    drawn = {} if asked.data.is_brought else {"num_images": asked.data.num_images, "seed": asked.data.seed}
    return ProjectImages(
        digest=dataset_digest(asked.dataset), name=asked.dataset.name, is_brought=asked.data.is_brought, **drawn
    )


def _shared_base(context: JobContext, asked: _Asked) -> Any:
    """The base that this worker has ready, where the run only reads it."""
    from ...training.trained_network import reads_base_only

    if not reads_base_only(asked.spec):
        return None
    shape = (*asked.dataset.image_size, 3)
    spec = asked.spec
    return open_network(
        context, NetworkReference(base=spec.base, weights=spec.weights, input_shape=shape, include_top=False)
    )


def _is_brief(context: JobContext, asked: _Asked) -> bool:
    """Whether the run takes a second or two: a head on features that are known."""
    from ...features.frozen import FrozenNetwork
    from ...models.head import kernel_shapes

    spec, splits = asked.spec, asked.dataset.splits
    base = _shared_base(context, asked)
    if base is None or spec.augmentation or not spec.cache:
        return False
    kernels = kernel_shapes(spec.head_spec(asked.dataset.num_classes), base.output_shape[1:])
    steps = spec.epochs * ceil(len(splits["train"]) / spec.batch_size)
    if steps * sum(map(prod, kernels.values())) > _BRIEF_UPDATES:
        return False
    frozen = FrozenNetwork(base, spec.precision)
    return all(frozen.is_known(split.images) for split in splits.values())


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
        "has_before": bool(run.head_before),
    }
