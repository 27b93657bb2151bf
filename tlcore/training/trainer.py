"""`train`: from a specification and images to a trained network. Imports tensorflow only when it is called."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tlcore.errors import InvalidArgumentError, TrainingError
from tlcore.translatable import N_

from .checks import check_dataset
from .run import Run
from .specification import TrainingSpec

if TYPE_CHECKING:
    from tlcore.datasets import Dataset

    from .checkpoint import StartingPoint
    from .events import OnEvent
    from .run_in_progress import RunInProgress


def train(
    spec: TrainingSpec,
    data: Dataset | None = None,
    *,
    on_event: OnEvent | None = None,
    should_stop: Callable[[], bool] | None = None,
    checkpoint: str | Path | None = None,
    watch_layers: bool = True,
    start: StartingPoint | None = None,
) -> Run:
    """Trains a network on top of a base, in one of the lecture's ways.

    What lies below the first trained layer is run once for each image and kept; in float32 the history and the
    weights equal those of Keras's own `fit` in the same order of images, up to rounding.

    Args:
        spec: What to do.
        data: Images and labels; None loads the registered dataset `spec.dataset`.
        on_event: Called with plain dicts: {"kind": "phase" | "progress" | "batch" | "epoch" | "note" | "done",
            "time_s": seconds since the start, ...}.
        should_stop: Asked before each batch; once it returns True the run ends with the best weights so far.
        checkpoint: A file that is written during the run. If it is there and of the same run, training goes on from
            it: after a crash or a stop, with the result of a run that was never interrupted; or with more epochs than
            before. Epochs that it has done already stay.
        watch_layers: Measure each layer's weight drift and gradient norm in every epoch (`run.layer_history`).
        start: Of `tlcore.training.checkpoint.find_starting_point`, from a caller who has looked before; None looks at
            `checkpoint`.

    Returns:
        The run; `run.model` takes raw images.

    Raises:
        InvalidArgumentError: No data, an unknown layer, images of another type.
        DatasetError: Too few images or classes.
        WeightsError: The base's weights are not here.
        TrainingError: The loss became NaN.

    Example:
        >>> run = train(TrainingSpec(base="VGG16Slim", weights="embedded", method="feature_extraction"), data)
        >>> 0.0 <= run.test_metrics["balanced_accuracy"] <= 1.0
        True

    Source: lecture, slides 28-48.
    """
    from .checkpoint import CheckpointWriter, find_starting_point
    from .events import RunEvents
    from .run_in_progress import RunInProgress

    data = _data_of(spec, data)
    path = Path(checkpoint) if checkpoint is not None else None
    start = start or find_starting_point(spec, data, path)
    writer = CheckpointWriter(path) if path is not None else None
    events = RunEvents(on_event, should_stop, measures_layers=watch_layers)
    return finish(RunInProgress(spec, data, events, start, writer))


def continue_training(
    run: Run,
    data: Dataset,
    epochs: int,
    *,
    on_event: OnEvent | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Run:
    """Trains more epochs of the last phase from where `run` stands, the optimiser's memory included.

    Args:
        run: Of `train` in this process; it is not changed.
        data: The same images.
        epochs: How many more, at least 1.
        on_event: As in `train`.
        should_stop: As in `train`.

    Returns:
        A new run with the whole history.

    Raises:
        InvalidArgumentError: `epochs` below 1, or other images than before.
        TrainingError: The run was loaded from a file: its optimiser's memory is gone.

    Example:
        >>> longer = continue_training(run, data, epochs=1)
    """
    from .checkpoint import starting_point
    from .events import RunEvents
    from .run_in_progress import RunInProgress

    if run.checkpoint is None:
        raise TrainingError(
            N_("Expected a run that was trained in this session. Received: one without its state. Train it again.")
        )
    spec = _with_more_epochs(run, epochs)
    check_dataset(data)
    start = starting_point(spec, data, run.checkpoint)
    if start.checkpoint is None:
        raise InvalidArgumentError(
            N_("Expected the images that the run was trained on. Received: others. Start a new run with these.")
        )
    return finish(RunInProgress(spec, data, RunEvents(on_event, should_stop), start.with_new_patience()))


def _with_more_epochs(run: Run, epochs: int) -> TrainingSpec:
    if not isinstance(epochs, int) or epochs < 1:
        raise InvalidArgumentError(
            N_("Expected `epochs` to be a whole number of at least 1. Received: {value!r}. Try 1."), value=str(epochs)
        )
    name = "epochs" if run.checkpoint.phase_number == 0 else "fine_tuning_epochs"
    return TrainingSpec(**{**run.spec.model_dump(), name: run.checkpoint.state.epoch + epochs})


def _data_of(spec: TrainingSpec, data: Dataset | None) -> Dataset:
    if data is None:
        if spec.dataset is None:
            raise InvalidArgumentError(
                N_("Expected images: `data`, or the name of a dataset in the run. Received: neither. Choose a dataset.")
            )
        from tlcore.datasets import load_dataset

        data = load_dataset(spec.dataset, seed=spec.seed)
    check_dataset(data)
    return data


def train_on(
    shared_base: Any,
    spec: TrainingSpec,
    data: Dataset,
    *,
    on_event: OnEvent | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Run:
    """As `train`, for whoever has a base at hand that others read at the same time (see `RunInProgress`)."""
    from .checkpoint import find_starting_point
    from .events import RunEvents
    from .run_in_progress import RunInProgress

    check_dataset(data)
    start = find_starting_point(spec, data, None)
    return finish(RunInProgress(spec, data, RunEvents(on_event, should_stop), start, shared_base=shared_base))


def finish(running: RunInProgress) -> Run:
    """Trains what has been prepared, and tells what came of it."""
    running.run()
    run = _result(running)
    facts = {"epochs": len(run.history), "accuracy": run.test_metrics["accuracy"]}
    running.events.emit("done", stopped=run.stopped, **facts)
    return run


def _result(running: RunInProgress) -> Run:
    from .evaluation import test_metrics
    from .ledger import cost_ledger
    from .trained_network import compile_for_use

    tensors = running.tensors
    metrics = test_metrics(running)
    if not running.network.base_is_kept:  # else it is compiled when it is made
        compile_for_use(running.network.model, running.spec, running.data.num_classes)
    return Run(
        spec=running.spec,
        network=running.network,
        class_names=tuple(running.data.class_names),
        history=running.history,
        trainable_tensors_before=running.tensors_before,
        trainable_tensors_after=tensors[0],
        trainable_tensors_fine_tuning=tensors[1] if len(tensors) > 1 else None,
        weight_drift=running.drift.of_model(),
        timings=running.timings.seconds(),
        test_metrics=metrics,
        cost_ledger=cost_ledger(running),
        notes=running.events.notes,
        stopped=running.stopped,
        layer_history=running.layer_history,
        checkpoint=running.checkpoint,
        head_before=running.head_before,
    )
