"""What a person is told about an error that ended a job: one sentence for each kind, no class, no server's path."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

from ..errors import EngineError, JobFailedError, TransferLearningError, WorkerLostError
from ..files import disk_is_full, storage_error
from ..settings import get_settings
from ..translatable import N_


def failure_of(error: Exception, job_id: str) -> TransferLearningError:
    """The error that leaves the worker, a new one: with its cause would travel what imports tensorflow.

    Args:
        error: That the task raised.
        job_id: Of the job; its beginning is also in the log, where whoever runs the lab finds all of the error.
    """
    cause = error.__cause__ if isinstance(error, TransferLearningError) else error
    if isinstance(cause, OSError) and (cause is error or disk_is_full(cause)):
        return storage_error(cause)
    if isinstance(error, TransferLearningError):
        return type(error)(error.template, **{name: without_folders(value) for name, value in error.params.items()})
    if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
        return JobFailedError(
            N_("The job needed more memory than this machine has. Try again with fewer or smaller images.")
        )
    return JobFailedError(
        N_(
            "The job stopped with an error that nobody expected. Try again; if it happens again, tell whoever runs "
            "this lab the steps that lead here and the number {number}, which its log has too."
        ),
        number=log_number(job_id),
    )


def log_number(job_id: str) -> str:
    """What a job is called in the log and in the sentence about its failure."""
    return job_id[:8]


def took_too_long(most_s: float) -> JobFailedError:
    """A job had to end, and has no result."""
    return JobFailedError(
        N_("The job took longer than the {minutes} minutes that a job may take here. Try again with fewer images."),
        minutes=max(1, round(most_s / 60)),
    )


def worker_lost() -> WorkerLostError:
    """The process of a job ended."""
    return WorkerLostError(
        N_(
            "The process that ran this job ended unexpectedly, most often because memory ran out. "
            "A new one is starting by itself: try again, if need be with fewer or smaller images."
        )
    )


def connection_lost() -> WorkerLostError:
    """The way to the process of a job is gone."""
    return WorkerLostError(N_("The connection to the engine was lost while the job ran. Start the job again."))


def explain(error: BaseException) -> TransferLearningError:
    """What a person is told about an error that ended a job, where it is seen from here."""
    from distributed import KilledWorker

    if isinstance(error, TransferLearningError):
        return error
    return worker_lost() if isinstance(error, KilledWorker) else connection_lost()


def start_failure(error: Exception) -> TransferLearningError:
    """The engine did not start."""
    if isinstance(error, OSError):
        return storage_error(error)
    return EngineError(N_("The engine could not start. The terminal where the app was started says why."))


def without_folders(value: Any) -> Any:
    """A value of a sentence, in it only the names of the server's files, not where they lie."""
    if not isinstance(value, str):
        return value
    settings = get_settings()
    roots = {settings.home.absolute(), Path.home(), Path(tempfile.gettempdir()), Path(__file__).resolve().parents[2]}
    roots |= {settings.weights_dir.absolute()} if settings.weights_dir is not None else set()
    for root in sorted(map(str, roots), key=len, reverse=True):
        if len(root) > 1:
            value = re.sub(re.escape(root) + r"(?:[\\/][^\\/\s'\"]+)*[\\/]?", _last_part, value)
    return value


def _last_part(found: re.Match[str]) -> str:
    return re.split(r"[\\/]", found.group().rstrip("\\/"))[-1]
