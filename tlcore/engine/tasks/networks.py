"""The networks that tasks work with: tables, files, and those that a worker keeps loaded; read only, never trained."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import InvalidArgumentError
from ...translatable import N_
from ..job import JobContext

if TYPE_CHECKING:
    from ...architectures.summary import ArchitectureSummary


KEPT = 2


def describe(context: JobContext, *, name: str, **arguments: Any) -> ArchitectureSummary:
    """The table of a network, see `tlcore.describe`."""
    from ...architectures import describe as describe_architecture

    return describe_architecture(name, **arguments)


def describe_run(context: JobContext, *, run_id: str) -> ArchitectureSummary:
    """The table of a network that this session has trained: base and head in one, frozen layers as they were.

    Args:
        context: Of the job.
        run_id: Of the run in the store.

    Returns:
        Its table under the run's name; layers that the last phase of training left alone have no trainable parameters.
    """
    from ...architectures.tables import describe_model, freeze_rows
    from ...training.plan import training_plan

    run = open_network(context, run_id=run_id)
    height, width = run.model.input_shape[1:3]
    plan = training_plan(run.spec, (height, width), len(run.class_names))
    trained = {layer.name for layer in (*plan.base, *plan.head) if plan.is_trained(layer)}
    name = context.store.item("runs", run_id).name
    return freeze_rows(describe_model(run.model, architecture=name, include_top=True), trained)


def export(context: JobContext, *, run_id: str, format: str) -> dict[str, Any]:
    """Writes a trained network in another format beside its run, as one file.

    Returns:
        `run_id`, `format`, and the `file`'s name in the store's item.
    """
    from ...export import export_model, get_format

    file = "model" + (get_format(format).suffix or ".zip")
    run = open_network(context, run_id=run_id)
    export_model(run, context.store.path("runs", run_id, file), format=format)
    return {"run_id": run_id, "format": format, "file": file}


def open_network(context: JobContext, *, run_id: str | None = None, name: str | None = None, **arguments: Any) -> Any:
    """A trained network of the session (`tlcore.Run`), or else a base with its weights (`keras.Model`).

    Args:
        context: Of the job.
        run_id: Of the run in the store.
        name: Of the base.
        **arguments: Of `tlcore.build_base`; without them the base has its own classifier and its own input size.

    Raises:
        InvalidArgumentError: Neither was named, or the session has no such run.
    """
    if run_id is not None:
        from ...projects import PROJECT_FILE

        return _trained_run(context.store.path("runs", run_id, PROJECT_FILE))
    if name is None:
        raise InvalidArgumentError(N_("Expected a trained network or a base to predict with. Received neither."))
    if shape := arguments.pop("input_shape", None):
        arguments["input_shape"] = tuple(shape)
    return _base(name, **arguments)


@lru_cache(maxsize=KEPT)
def _trained_run(project: Path) -> Any:
    """The run of a project file; a file in the store never changes under the same path."""
    from ...projects import load_project

    return load_project(project)


@lru_cache(maxsize=KEPT)
def _base(name: str, **arguments: Any) -> Any:
    from ...architectures import get_architecture
    from ...models import build_base

    own = {"input_shape": get_architecture(name).default_input_shape, "include_top": True}
    return build_base(name, **{**own, **arguments})
