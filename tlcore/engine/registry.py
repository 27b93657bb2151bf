"""The allow-list: only what is registered here can be run by the engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..errors import InvalidArgumentError
from ..translatable import N_
from .job import Kind
from .tasks import (
    batch,
    browser,
    channels,
    datasets,
    downloads,
    editing,
    familiarity,
    feature_space,
    features,
    formats,
    gallery,
    inspection,
    layers,
    networks,
    opening,
    packing,
    prediction,
    recordings,
    seen,
    suspects,
    training,
)


@dataclass(frozen=True)
class Task:
    """A function that the engine may run.

    Attributes:
        name: The function's own name, for example "train".
        function: Called as `function(context: JobContext, **arguments)`; returns plain data. It travels to workers by
            the name of its module, so it stands at the top level of one that they can import.
        kind: The worker it runs on unless `submit` is told otherwise.
        quick_first: Of kind "training": most are answered from the cache or in seconds. While that worker is busy they
            are tried in the other one, which hands back what takes minutes (see `JobContext.take_minutes`).
        brief: Of kind "training": some take a second or two. While that worker does parts of groups they are tried in
            the other one, in the same way, so that no part is broken off for them and nobody waits until it has left.
        shared: Whether what it answers depends on its arguments alone and is told by them whole: who asks for the same
            while it is computed waits for that.
    """

    name: str
    function: Callable[..., Any]
    kind: Kind = "interactive"
    shared: bool = False
    quick_first: bool = False
    brief: bool = False


_TASKS: dict[str, Task] = {}


def register_task(
    function: Callable[..., Any],
    *,
    kind: Kind = "interactive",
    shared: bool = False,
    quick_first: bool = False,
    brief: bool = False,
) -> Task:
    """Allows a function to be run; its name becomes the task's name.

    Args:
        function: See `Task.function`. Its module is imported by the web process too, so it imports tensorflow inside
            of functions only.
        kind: The worker it runs on by default.
        shared, quick_first, brief: See `Task`.

    Returns:
        The registered task.
    """
    task = Task(function.__name__, function, kind, shared, quick_first, brief)
    _TASKS[task.name] = task
    return task


def list_tasks() -> list[str]:
    """Names of all registered tasks."""
    return sorted(_TASKS)


def find_task(name: str) -> Task:
    """The registered task of this name.

    Raises:
        InvalidArgumentError: It is not registered.
    """
    if name not in _TASKS:
        raise InvalidArgumentError(
            N_("Expected `task` to be one of {names}. Received: {value!r}."), names=list_tasks(), value=name
        )
    return _TASKS[name]


_INTERACTIVE: tuple[Callable[..., Any], ...] = (
    networks.describe,
    networks.export,
    formats.export_litert,
    formats.export_for_page,
    formats.compare_ways,
    opening.open_project,
    packing.pack_run,
    packing.pack_images,
    datasets.preview_dataset,
    datasets.import_dataset,
    recordings.import_recording,
    downloads.check_dataset,
    datasets.show_test_images,
    datasets.show_images,
    gallery.show_gallery,
    editing.edit_dataset,
    editing.undo_edit,
    seen.show_preparation,
    seen.preview_augmentation,
    prediction.predict,
    prediction.explain,
    prediction.check_map,
    familiarity.familiarity,
    batch.predict_batch,
    layers.inspect_weights,
    layers.inspect_activations,
    channels.photo_channels,
    channels.channel_in_set,
    feature_space.project_set,
    feature_space.nearest_images,
    browser.browser_network,
    browser.shared_file,
    browser.answer_frame,
    browser.teach_head,
)
_QUICK_FIRST: frozenset[Callable[..., Any]] = frozenset(
    {
        features.extract_features,
        features.survey_features,
        inspection.inspect_dataset,
        suspects.suspect_labels,
    }
)
_TRAINING: tuple[Callable[..., Any], ...] = (*_QUICK_FIRST, training.train, downloads.fetch_dataset)

_SHARED = frozenset(
    {
        networks.describe,
        datasets.preview_dataset,
        inspection.inspect_dataset,
        suspects.suspect_labels,
        downloads.check_dataset,
        downloads.fetch_dataset,
        channels.channel_in_set,
        feature_space.project_set,
        features.extract_features,
        features.survey_features,
    }
)

for _function in _INTERACTIVE:
    register_task(_function, shared=_function in _SHARED)
for _function in _TRAINING:
    register_task(
        _function,
        kind="training",
        shared=_function in _SHARED,
        quick_first=_function in _QUICK_FIRST,
        brief=_function is training.train,
    )
