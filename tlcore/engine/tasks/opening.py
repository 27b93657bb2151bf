"""A project file that a person brings back: its run is listed with the session's own."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Annotated, Any, get_args

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from ...errors import InvalidArgumentError, ProjectError
from ...features.forward import Runtime
from ...translatable import N_
from ..job import JobContext
from .references import DatasetReference
from .trained_run import TrainedRun, trained_run

if TYPE_CHECKING:
    from ...projects import ProjectDocument

_Share = Annotated[float, Field(ge=0, le=1)]
_Finite = Annotated[float, Field(allow_inf_nan=False)]


class _Epoch(BaseModel):
    """What pages read of a row of the history."""

    epoch: int = Field(ge=1, le=100_000)
    phase: str
    loss: float
    accuracy: _Share
    val_loss: float
    val_accuracy: _Share
    learning_rate: _Finite
    seconds: float = Field(ge=0, allow_inf_nan=False)


class _LayersOfEpoch(BaseModel):
    """What pages read of a row of the layers' history."""

    weight_drift: dict[str, _Finite]
    gradient_norm: dict[str, _Finite]


_EPOCHS, _LAYERS = TypeAdapter(list[_Epoch]), TypeAdapter(list[_LayersOfEpoch])


def open_project(context: JobContext, *, item: str, data: DatasetReference | None = None) -> TrainedRun:
    """Reads an uploaded project file and keeps its run with the session's own.

    The upload leaves the store in any case; a file that is refused leaves nothing behind.

    Args:
        context: Of the job.
        item: Id of the upload in the store, kind "uploads".
        data: The images that the session has chosen; if the run was trained on the very same, it can be gone on with.

    Returns:
        The run, without its network.

    Raises:
        ProjectError: The file is damaged, of a later version, or not a project at all.
    """
    from ...projects import PROJECT_FILE, load_project, read_project_summary

    upload = context.store.item("uploads", item)
    path = context.store.path("uploads", item)
    try:
        document = read_project_summary(path)
        context.progress(N_("looking for its images"))(1, 2)
        facts = _facts(document, _its_images(context, document, data))
        if not _can_be_shown(trained_run(item, facts)):
            raise _not_whole(upload.name)
        context.progress(N_("building the network again"))(2, 2)
        run = load_project(path)  # its weights are whole, and of this network
        facts["has_before"] = bool(run.head_before)
        with context.store.draft("runs", name=document.name or upload.name) as draft:
            shutil.move(path, draft.folder / PROJECT_FILE)
            draft.details.update(facts)
    except ValidationError as error:
        raise _not_whole(upload.name) from error
    except ProjectError as error:  # it knows the name in the store only
        raise ProjectError(error.template, **_named(error.params, path.name, upload.name)) from error
    finally:
        context.store.delete("uploads", item)
    return trained_run(draft.item_id, facts)


def _named(params: dict[str, Any], stored: str, name: str) -> dict[str, Any]:
    return {key: name if value == stored else value for key, value in params.items()}


def _not_whole(name: str) -> ProjectError:
    return ProjectError(
        N_(
            "Expected a project file with the results of its run. Received: {path}, in which they are missing or "
            "cannot be. Save it again, after a test."
        ),
        path=name,
    )


def _its_images(
    context: JobContext, document: ProjectDocument, chosen: DatasetReference | None
) -> DatasetReference | None:
    """The images that the run was trained on, where this session has them."""
    from ...datasets import dataset_digest, get_dataset_spec, list_datasets
    from .datasets import read

    images = document.images
    if images is None:
        return None
    if not images.is_brought and images.name in list_datasets():
        if tuple(get_dataset_spec(images.name).class_names) != document.class_names:
            return None
        size = document.input_shape[:2]
        return DatasetReference(name=images.name, num_images=images.num_images, image_size=size, seed=images.seed)
    try:
        same = chosen is not None and dataset_digest(read(context, chosen, mapped=True)) == images.digest
    except InvalidArgumentError:  # deleted meanwhile
        return None
    return chosen if same else None


def _facts(document: ProjectDocument, data: DatasetReference | None) -> dict[str, Any]:
    """What the store tells of the run, see `TrainedRun`; what is in the file is checked by whoever reads it there."""
    from ...datasets import get_dataset_spec

    titles = document.class_names if data is None or data.is_brought else get_dataset_spec(data.name).class_titles
    return {
        "spec": document.spec.model_dump(mode="json"),
        "data": None if data is None else data.model_dump(mode="json"),
        "dataset": document.images.name if document.images is not None else "",
        "class_names": document.class_names,
        "class_titles": tuple(titles),
        "history": [row.model_dump() for row in _EPOCHS.validate_python(document.history)],
        "layer_history": [row.model_dump() for row in _LAYERS.validate_python(document.layer_history[-1:])],
        "trainable_tensors_before": document.trainable_tensors_before,
        "trainable_tensors_after": document.trainable_tensors_after,
        "trainable_tensors_fine_tuning": document.trainable_tensors_fine_tuning,
        "weight_drift": document.weight_drift,
        "timings": document.timings,
        "test_metrics": document.test_metrics,
        "cost_ledger": document.cost_ledger,
        "notes": document.notes,
        "stopped": document.stopped,
        "can_go_on": data is not None,
    }


_LARGEST = 1e12  # of any number; more seconds than there have been, and more images


def _can_be_shown(run: TrainedRun) -> bool:
    """What pages count on: a row and a column a class, shares that are shares, phases and runtimes that there are."""
    from ...training.methods import get_method

    classes, metrics, costs = range(len(run.class_names)), run.test_metrics, run.cost_ledger
    matrix, mistakes = metrics.confusion_matrix, metrics.mistakes
    shares = [metrics.accuracy, metrics.balanced_accuracy, metrics.wilson_interval.low, metrics.wilson_interval.high]
    shares += [share for row in metrics.per_class for share in (row.precision, row.recall)]
    shares += [mistake.probability for mistake in mistakes]
    numbers = [*run.weight_drift.values(), *run.timings.values(), *costs.seconds.values()]
    numbers += [number for number in (costs.times_predict, costs.plain_seconds_estimated) if number is not None]
    numbers += [count for row in matrix for count in row]
    return (
        bool(run.history)
        and all(0 <= share <= 1 for share in shares)
        and all(abs(number) < _LARGEST for number in numbers)  # NaN is not, either
        and all(seconds >= 0 for seconds in (*run.timings.values(), *costs.seconds.values()))
        and len(metrics.per_class) == len(matrix) == len(classes)
        and all(len(row) == len(classes) and min(row) >= 0 for row in matrix)
        and all(mistake.true in classes and mistake.predicted in classes for mistake in mistakes)
        and [row["epoch"] for row in run.history] == list(range(1, len(run.history) + 1))
        and {row["phase"] for row in run.history} <= set(get_method(run.spec.method).phases)
        and costs.runtime in get_args(Runtime)
        and all(_can_be_written(template, params) for template, params in run.notes)
    )


def _can_be_written(template: str, params: dict[str, Any]) -> bool:
    try:
        return bool(template.format(**params))
    except (ValueError, TypeError, LookupError):
        return False
