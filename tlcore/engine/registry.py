"""The allow-list: only what is registered here can be run by the engine."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import InvalidArgumentError
from ..translatable import N_
from .job import Kind


@dataclass(frozen=True)
class Task:
    """A function that the engine may run.

    Attributes:
        name: Short name, for example "train".
        target: "module:function"; the signature is `function(context: JobContext, **arguments) -> plain result`.
        kind: The worker it runs on unless `submit` is told otherwise.
    """

    name: str
    target: str
    kind: Kind = "interactive"


_TASKS: dict[str, Task] = {}


def register_task(target: str, *, kind: Kind = "interactive") -> Task:
    """Allows a function to be run; its name becomes the task's name.

    Args:
        target: "module:function". The module is imported in workers only, so it may import tensorflow.
        kind: The worker it runs on by default.

    Returns:
        The registered task.
    """
    task = Task(target.partition(":")[2], target, kind)
    _TASKS[task.name] = task
    return task


def list_tasks() -> list[str]:
    """Names of all registered tasks."""
    return sorted(_TASKS)


def find_task(task: str) -> Task:
    """The registered task of this name or "module:function".

    Raises:
        InvalidArgumentError: It is not registered.
    """
    found = _TASKS.get(task) or next((entry for entry in _TASKS.values() if entry.target == task), None)
    if found is None:
        raise InvalidArgumentError(
            N_("Expected `task` to be one of {names}. Received: {value!r}."), names=list_tasks(), value=task
        )
    return found


for _module, _name, _kind in (
    ("tasks", "describe", "interactive"),
    ("tasks", "preview_dataset", "interactive"),
    ("tasks", "sample_images", "interactive"),
    ("tasks", "import_dataset", "interactive"),
    ("tasks", "open_dataset", "interactive"),
    ("tasks", "predict", "interactive"),
    ("tasks", "explain", "interactive"),
    ("tasks", "export", "interactive"),
    ("tasks", "extract_features", "training"),
    ("training", "train", "training"),
    ("training", "show_images", "interactive"),
    ("inspection", "describe_run", "interactive"),
    ("inspection", "inspect_weights", "interactive"),
    ("inspection", "inspect_activations", "interactive"),
    ("exploration", "survey_features", "training"),
    ("exploration", "photo_channels", "interactive"),
    ("exploration", "channel_in_set", "interactive"),
    ("exploration", "project_set", "interactive"),
    ("exploration", "nearest_images", "interactive"),
    ("exploration", "show_places", "interactive"),
):
    register_task(f"tlcore.engine.{_module}:{_name}", kind=_kind)  # type: ignore[arg-type]
