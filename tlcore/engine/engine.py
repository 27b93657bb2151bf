"""Submits jobs to the cluster and shows each owner theirs."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ..errors import EngineError, InvalidArgumentError, TransferLearningError, WorkerLostError
from ..settings import Settings, get_settings
from ..translatable import N_
from .failures import start_failure
from .job import EngineStatus, Job, JobView, Kind
from .job_queue import JobQueue
from .pulse import ANSWER_TIMEOUT_S
from .questions import question_of
from .watching import EngineReport, Watcher, end_of, report_of

if TYPE_CHECKING:
    from .connection import Connection
    from .dispatcher import Dispatcher

logger = logging.getLogger(__name__)

#: Importing tensorflow takes all cores of a laptop, which draws the first page at that time; a job does not wait.
START_AFTER_S = 1.5


class Engine:
    """Runs jobs in worker processes; one object serves all sessions of a web process.

    An owner is the random token of a session, and sees only their own jobs. Those and their events are kept by the
    owner's token, so a reloaded page finds them again, each by its tag. Owners take turns, and none has more running
    jobs of a kind at once than `Settings.jobs_per_owner`.

    All that changes happens on Dask's event loop or under the queue's lock; there is no thread but the one that
    starts the cluster, which then ends.

    Example:
        ```python
        engine = get_engine()
        job_id = engine.submit(owner, "describe", {"network": NetworkReference(base="VGG16")}, tag="my_page.table")
        engine.job(job_id, owner).state
        ```
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings or get_settings()
        self._queue = JobQueue(self._settings)
        self._queue.on_end = self._tell_end
        self._watchers: list[Watcher] = []
        self._connection: Connection | None = None
        self._dispatcher: Dispatcher | None = None
        self._starting: threading.Thread | None = None
        self._error: TransferLearningError | None = None
        self._is_wanted = threading.Event()
        self.closed = False
        self._lock = threading.Lock()

    def start(self) -> None:
        """Starts the cluster in the background, if it is not running: in a moment, or at once if a job waits."""
        with self._lock:
            lost = self._give_up_lost()
            if self.closed or self._starting or self._connection:
                return
            # Starting takes seconds and the first page must not wait for it.
            self._error = None
            self._starting = threading.Thread(target=self._boot, args=(lost,), name="engine-start", daemon=True)
            self._starting.start()

    def submit(
        self,
        owner: str,
        task: str,
        arguments: dict[str, Any] | None = None,
        *,
        kind: Kind | None = None,
        tag: str = "",
        group: str = "",
    ) -> str:
        """Queues a job.

        Args:
            owner: Token of the session.
            task: Registered name.
            arguments: Keyword arguments of the task; plain data and references (see `tlcore.engine.tasks.references`).
            kind: "interactive" or "training"; None for what the task is registered as.
            tag: Whatever the owner wants to find the job by, for example the page that asks.
            group: Name of something larger that the job is a small part of. Such jobs go after everybody's own ones,
                and those of one group take the room of one in the queue.

        Returns:
            The job's id.

        Raises:
            InvalidArgumentError: The task is not registered, or the kind is unknown.
            QueueFullError: Too many jobs are waiting.
        """
        from .registry import find_task  # imports all tasks: the first page shows how the engine is, and asks for none

        entry = find_task(task)
        if kind not in (None, "interactive", "training"):
            raise InvalidArgumentError(
                N_("Expected `kind` to be one of {names}. Received: {value!r}."),
                names=["interactive", "training"],
                value=kind,
            )
        job = Job(
            job_id=uuid.uuid4().hex,
            owner=owner,
            task=entry.name,
            function=entry.function,
            kind=kind or entry.kind,
            arguments=dict(arguments or {}),
            tag=tag,
            group=group,
            quick_first=entry.quick_first and kind is None,
            brief=entry.brief and kind is None,
            question=question_of(entry, owner, arguments or {}),
        )
        self._queue.add(job)
        self._is_wanted.set()
        self.start()
        self._on_loop(lambda dispatcher: dispatcher.dispatch())
        return job.job_id

    def job(self, job_id: str, owner: str) -> JobView:
        """A job of this owner as it is now.

        Raises:
            InvalidArgumentError: The owner has no such job.
        """
        self._notice_loss()
        return self._queue.view(self._queue.get(job_id, owner))

    def wait(self, job_id: str, owner: str, condition: Callable[[JobView], bool], timeout_s: float) -> JobView:
        """A job of this owner as soon as something is true of it; after `timeout_s` as it is then.

        Args:
            job_id: What `submit` returned.
            owner: Token of the session.
            condition: Looked at whenever there is news of any job; it must not take long.
            timeout_s: Seconds to wait at most.

        Raises:
            InvalidArgumentError: The owner has no such job.
        """
        return self._queue.wait(self._queue.get(job_id, owner), condition, timeout_s)

    def jobs(self, owner: str) -> list[JobView]:
        """All jobs of this owner that are still known, newest first."""
        self._notice_loss()
        return [self._queue.view(job) for job in self._queue.of_owner(owner)]

    def cancel(self, job_id: str, owner: str) -> None:
        """Asks a job to stop; one that does not answer within 3 s loses its worker. Finished jobs stay as they are.

        Raises:
            InvalidArgumentError: The owner has no such job.
        """
        job = self._queue.get(job_id, owner)
        running = self._queue.request_cancel(job)
        if running is not None:
            self._on_loop(lambda dispatcher: dispatcher.cancel(running))

    def forget(self, owner: str, tag: str) -> None:
        """Forgets what came of an owner's jobs of this tag, which may hold people's images; running ones go on."""
        self._queue.ended.forget(owner, tag)

    def status(self) -> EngineStatus:
        """How the engine is, and how busy."""
        self._notice_loss()
        running, queued = self._queue.counts()
        dispatcher = self._dispatcher
        if self._error:
            return EngineStatus("failed", running, queued, self._error)
        if dispatcher is None:
            return EngineStatus("starting" if self._starting else "stopped", running, queued)
        if dispatcher.error:
            return EngineStatus("failed", running, queued, dispatcher.error)
        if dispatcher.ready:
            return EngineStatus("ready", running, queued, dispatcher.roster.objection)
        return EngineStatus("restarting" if dispatcher.started else "starting", running, queued)

    def watch(self, watcher: Watcher) -> None:
        """Tells somebody from now on what jobs come to."""
        self._watchers.append(watcher)

    def report(self) -> EngineReport:
        """All that there is to see of the engine; may take as long as `pulse.ANSWER_TIMEOUT_S`."""
        status, connection, dispatcher = self.status(), self._connection, self._dispatcher
        workers = None
        if connection and dispatcher:
            with suppress(TimeoutError):
                workers = connection.run(dispatcher.roster.workers()).result(2 * ANSWER_TIMEOUT_S)
        return report_of(status, self._queue.of_owner(None), workers)

    def _tell_end(self, job: Job) -> None:
        end = end_of(job)
        for watcher in self._watchers:
            watcher.job_ended(end)

    def _tell_features(self, hits: int, misses: int) -> None:
        for watcher in self._watchers:
            watcher.features_read(hits, misses)

    def close(self) -> None:
        """Ends the cluster with all its jobs; the engine cannot be used afterwards."""
        with self._lock:
            self.closed = True
        self._is_wanted.set()
        if starting := self._starting:
            starting.join()
        connection, dispatcher, self._connection, self._dispatcher = self._connection, self._dispatcher, None, None
        if connection and dispatcher:
            connection.run(dispatcher.close()).result()
            connection.close()
        self._queue.fail_all(EngineError(N_("The engine was stopped.")))

    def _boot(self, lost: Connection | None) -> None:
        self._is_wanted.wait(START_AFTER_S)
        from . import registry  # noqa: F401  (now, so that the first click need not wait for it)
        from .connection import Connection
        from .dispatcher import Dispatcher

        try:
            if self.closed:
                return
            connection = Connection(self._settings, lost, given_up=lambda: self.closed)
            dispatcher = Dispatcher(connection, self._queue, f"tlcore-{uuid.uuid4().hex}", self._settings)
            dispatcher.on_features_read = self._tell_features
            connection.run(dispatcher.listen()).result()
            self._connection, self._dispatcher, self._error = connection, dispatcher, None
            self._on_loop(lambda dispatcher: dispatcher.dispatch())
        except TransferLearningError as error:
            self._error = error
            self._queue.fail_all(error)
        except Exception as error:
            logger.exception("The engine could not start")
            self._error = start_failure(error)
            self._queue.fail_all(self._error)
        finally:
            if lost:
                lost.close()  # last: it waits for an answer that will not come
            self._starting = None

    def _on_loop(self, call: Callable[[Dispatcher], None]) -> None:
        """Calls something with the dispatcher on Dask's event loop; while the engine starts there is none."""
        connection, dispatcher = self._connection, self._dispatcher
        if connection and dispatcher:
            connection.loop.add_callback(call, dispatcher)

    def _notice_loss(self) -> None:
        if self._connection is not None and self._connection.lost:
            self.start()

    def _give_up_lost(self) -> Connection | None:
        """Forgets a cluster that is gone, with the jobs it had."""
        if self._connection is None or not self._connection.lost:
            return None
        if self._dispatcher is not None:
            self._dispatcher.retire()  # else it would take the jobs that wait for the next cluster, and fail them
        lost, self._connection, self._dispatcher = self._connection, None, None
        self._queue.lose_workers(
            WorkerLostError(N_("The engine's process ended while the job ran. It is starting again: try once more."))
        )
        return lost


_engine: Engine | None = None
_engine_lock = threading.Lock()


def get_engine() -> Engine:
    """The engine of this process, starting in the background since the first call.

    It need not be closed: the cluster ends by itself when this process does, however that ends. After `close` the next
    call makes a new one.
    """
    global _engine
    with _engine_lock:
        if _engine is None or _engine.closed:
            _engine = Engine()
        engine = _engine
    engine.start()
    return engine
