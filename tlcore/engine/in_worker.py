"""The part of the engine that runs inside a worker: runs one task, sends its events, hears the request to stop."""

from __future__ import annotations

import dataclasses
import gc
import logging
import time
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from ..errors import TransferLearningError
from ..mirror import forget_listings
from ..settings import get_settings
from .failures import failure_of, log_number, took_too_long
from .job import JobContext, JobStoppedError, LongJobError

logger = logging.getLogger(__name__)

_CLOCK_S = 0.05  # by which the times of files may be behind
_SENT_AFTER_S = 0.1  # its result has left the worker by then
_IDLE_AFTER_S = 0.3  # the next job that waits has come by then

_stop_requests: set[str] = set()  # written by the worker's event loop, read by the thread that runs the task


def request_stop(job_id: str) -> None:
    """Sets the flag that `JobContext.should_stop` reads; called on the worker's event loop while the task runs."""
    _stop_requests.add(job_id)


def run_job(
    function: Callable[..., Any],
    arguments: dict[str, Any],
    job_id: str,
    owner: str,
    topic: str,
    may_take_minutes: bool,
) -> Any:
    """Runs one task in this worker.

    Raises:
        LongJobError: It takes minutes and may not.
        TransferLearningError: As the task raised it.
        JobFailedError: The task raised anything else.
    """
    from distributed import get_worker

    worker = get_worker()

    def send(event: dict[str, Any]) -> None:
        worker.log_event(topic, {"job_id": job_id, "event": event})

    def asked_to_stop() -> bool:
        asked = job_id in _stop_requests
        if asked and not answered:
            answered.append(True)
            worker.log_event(topic, {"job_id": job_id, "answered": True})
        return asked

    answered: list[bool] = []
    worker.log_event(topic, {"job_id": job_id, "began": worker.address})
    most_s = get_settings().max_job_s
    context = JobContext(job_id, owner, send, asked_to_stop, may_take_minutes=may_take_minutes, most_s=most_s)
    read_before = _features_read()
    try:
        return _call(function, context, arguments)
    finally:
        _stop_requests.discard(job_id)
        read = [now - before for now, before in zip(_features_read(), read_before, strict=True)]
        worker.log_event(topic, {"job_id": job_id, "returned": True, "features_read": read})
        worker.loop.add_callback(worker.loop.call_later, _SENT_AFTER_S, release_memory)
        if function.__name__ == "train" and not get_settings().low_memory:
            worker.loop.add_callback(worker.loop.call_later, _IDLE_AFTER_S, prepare_next_run, worker)


def release_memory() -> None:
    """Lets go of what jobs have left in circles of references, traced functions with all that they captured above all.

    Python looks for these when there are many objects, however large: a dozen trainings can lie there meanwhile, 11 MB
    each for a head alone. It costs milliseconds, and is left out where there can't be much.
    """
    _youngest, _younger, collections_of_younger = gc.get_count()  # since everything was looked through last
    if collections_of_younger:
        gc.collect()


def prepare_next_run(worker: Any) -> None:
    """Has the base of the next run built, in the thread that runs jobs, unless there is something to do.

    Args:
        worker: Of Dask; called on its event loop.
    """
    if not worker.state.executing_count and not worker.state.ready:
        worker.executors["default"].submit(_build_spare)


def _build_spare() -> None:
    from ..training.spare_base import build_spare

    try:
        build_spare()
    except Exception:
        logger.exception("No base could be built for the next run, which builds its own")


def _features_read() -> tuple[int, int]:
    """How often this worker has looked for features on disk: found, and not found."""
    from ..features.cache import LOOKUPS

    return LOOKUPS["hit"], LOOKUPS["miss"]


def _call(function: Callable[..., Any], context: JobContext, arguments: dict[str, Any]) -> Any:
    began_s = time.time() - _CLOCK_S
    forget_listings()
    try:
        result = check_plain(function(context, **arguments))
        context.keep_changed(began_s)
        return result
    except JobStoppedError:
        if not context.out_of_time():
            return None
        failure: TransferLearningError = took_too_long(get_settings().max_job_s)
    except LongJobError:
        raise
    except Exception as error:
        if not isinstance(error, TransferLearningError):
            logger.exception("Job %s failed", log_number(context.job_id))
        failure = failure_of(error, context.job_id)
    # Raised out here, as a new error without cause and context: they would travel with it, and unpickling an error of
    # tensorflow imports tensorflow in the web process.
    raise failure


def check_plain(value: Any) -> Any:
    """Returns `value` if the web process can read it without importing tensorflow.

    Raises:
        TypeError: It holds something else than plain values, numpy arrays, dataclasses and models of `tlcore`.
    """
    if isinstance(value, dict):
        children: list[Any] = [*value.keys(), *value.values()]
    elif isinstance(value, (list, tuple, set, frozenset)):
        children = list(value)
    elif dataclasses.is_dataclass(value) and type(value).__module__.startswith("tlcore."):
        children = [getattr(value, field.name) for field in dataclasses.fields(value)]
    elif isinstance(value, BaseModel) and type(value).__module__.startswith("tlcore."):
        children = [getattr(value, name) for name in type(value).model_fields]
    elif value is None or isinstance(value, (bool, int, float, str, bytes)) or type(value).__module__ == "numpy":
        children = []
    else:
        raise TypeError(
            f"Expected the result of a task to be plain data. Received: {type(value)}. Put it in the store."
        )
    for child in children:
        check_plain(child)
    return value
