"""Every error that a person can cause.

```
TransferLearningError
├── InvalidArgumentError   a name, shape, dtype or range that cannot be (also a ValueError)
├── WeightsError           weights that are missing, damaged, or of another network
├── DatasetError           images or folders that cannot be read or are too few
├── TrainingError          a run that cannot go on (loss became NaN, disk full)
├── ProjectError           a project file that is damaged or of another version
├── ExportError            a format that cannot be written here
├── StorageError           a disk that is full, a folder that cannot be used
└── EngineError            the engine could not run the job
    ├── JobFailedError     the job raised something unexpected
    │   └── WorkerLostError    the process that ran the job, or the way to it, was lost
    └── QueueFullError     too many jobs are waiting
```

A message says what was expected, what came and what to do. It is kept as a template with parameters, so that whoever
shows it can translate the template: `translate(error.template).format(**error.params)`.
"""

from __future__ import annotations

from typing import Any


class TransferLearningError(Exception):
    """Base of all errors of `tlcore`; never raised itself.

    Args:
        template: Message in English with `str.format` fields, marked for translation with `tlcore.translatable.N_`.
        **params: Values of the fields; plain values only, since errors travel between processes.
    """

    def __init__(self, template: str, **params: Any) -> None:
        super().__init__(template)
        self.template = template
        self.params = params

    def __str__(self) -> str:
        return self.template.format(**self.params)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.template, self.params)


def _restore(kind: type[TransferLearningError], template: str, params: dict[str, Any]) -> TransferLearningError:
    return kind(template, **params)


class InvalidArgumentError(TransferLearningError, ValueError):
    """A name, shape, dtype or range that cannot be."""


class WeightsError(TransferLearningError):
    """Weights that are missing, damaged, or of another network."""


class DatasetError(TransferLearningError):
    """Images or folders that cannot be read or are too few."""


class TrainingError(TransferLearningError):
    """A training run that cannot go on."""


class ProjectError(TransferLearningError):
    """A project file that is damaged or of another version."""


class ExportError(TransferLearningError):
    """A format that cannot be written here."""


class StorageError(TransferLearningError):
    """Files that cannot be kept or read: a disk that is full, a folder that is closed or gone."""


class EngineError(TransferLearningError):
    """The engine could not run the job."""


class JobFailedError(EngineError):
    """The job raised something unexpected, or its worker was lost."""


class WorkerLostError(JobFailedError):
    """The process that ran the job, or the connection to it, was lost: the same job may do well in another one."""


class QueueFullError(EngineError):
    """Too many jobs are waiting."""
