"""The networks that tasks work with: tables, files, and those that a worker keeps loaded; read only, never trained."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...keep_last import keep_last
from ...translatable import N_
from ..job import JobContext
from .effort import weights_are_short
from .references import NetworkReference

if TYPE_CHECKING:
    from ...architectures.summary import ArchitectureSummary

KEPT = 2
_BYTES_OF_A_WEIGHT = 4


@dataclass(frozen=True, slots=True)
class ExportedModel:
    """A trained network in another format.

    Attributes:
        run_id: Of the run in the store.
        format: Name of the format.
        file: Name of the file in the store's item.
    """

    run_id: str
    format: str
    file: str


def describe(context: JobContext, *, network: NetworkReference) -> ArchitectureSummary:
    """The table of a network.

    Args:
        context: Of the job.
        network: A base, see `tlcore.describe`; or a trained network: base and head in one, under the run's name, where
            layers that the last phase of training left alone have no trainable parameters.
    """
    from ...architectures import describe as describe_architecture

    if network.run_id is not None:
        return _describe_run(context, network.run_id)
    return describe_architecture(network.base or "", **network.arguments)


def export(context: JobContext, *, run_id: str, format: str) -> ExportedModel:
    """Writes a trained network in another format beside its run, as one file."""
    from ...export import export_model, get_format

    if format != "keras":
        context.take_minutes()  # converters take long, and some hold the interpreter all the while
    file = "model" + (get_format(format).suffix or ".zip")
    context.progress(N_("building the network again"))(1, 2)
    run = open_network(context, NetworkReference(run_id=run_id))
    context.progress(N_("writing the file"))(2, 2)
    export_model(run, context.store.path("runs", run_id, file), format=format)
    return ExportedModel(run_id, format, file)


def open_network(context: JobContext, network: NetworkReference) -> Any:
    """The network that a reference stands for: a `tlcore.Run`, or a base (`keras.Model`).

    Raises:
        InvalidArgumentError: The session has no such run, or the base cannot be built so.
    """
    if network.run_id is not None:
        from ...projects import PROJECT_FILE

        project = context.store.path("runs", network.run_id, PROJECT_FILE)
        return _run_before(context, project) if network.before else _trained_run(project)
    if not weights_are_short(network.base or "", network.weights, include_top=network.include_top):
        context.take_minutes()
    return _base(network)


def _describe_run(context: JobContext, run_id: str) -> ArchitectureSummary:
    from ...architectures.tables import describe_model, freeze_rows
    from ...training.plan import training_plan

    run = open_network(context, NetworkReference(run_id=run_id))
    height, width = run.model.input_shape[1:3]
    plan = training_plan(run.spec, (height, width), len(run.class_names))
    trained = {layer.name for layer in (*plan.base, *plan.head) if plan.is_trained(layer)}
    name = context.store.item("runs", run_id).name
    return freeze_rows(describe_model(run.model, architecture=name, include_top=True), trained)


def _num_bytes(network: Any) -> int:
    """Of the weights of a run's network, or of a base."""
    from ...models.head import count_elements

    is_base = not hasattr(network, "spec")
    return _BYTES_OF_A_WEIGHT * (count_elements(network.weights) if is_base else network.network.total_parameters)


@keep_last(KEPT, _num_bytes)
def _trained_run(project: Path) -> Any:
    """The run of a project file; a file in the store never changes under the same path."""
    from ...projects import load_project

    return load_project(project)


def _run_before(context: JobContext, project: Path) -> Any:
    spec = _trained_run(project).spec
    if not weights_are_short(spec.base, spec.weights):
        context.take_minutes()
    return _built_before(project)


@keep_last(KEPT, _num_bytes)
def _built_before(project: Path) -> Any:
    from ...training.before import before_fine_tuning

    return before_fine_tuning(_trained_run(project))


@keep_last(KEPT, _num_bytes)
def _base(network: NetworkReference) -> Any:
    from ...models import build_base

    return build_base(network.base or "", weights=network.weights, **network.arguments)
