"""Gives jobs to workers and follows them. All of this runs on Dask's event loop, as coroutines."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from ..errors import EngineError
from ..mirror import forget_listings
from ..settings import Settings
from ..store import expire_if_due
from .connection import Connection
from .failures import explain
from .in_worker import request_stop, run_job
from .job import Job, LongJobError
from .job_queue import MAX_ATTEMPTS, JobQueue
from .pulse import LOOK_EVERY_S
from .roster import Roster

logger = logging.getLogger(__name__)

STOP_TIMEOUT_S = 3.0  # how long a job may take to answer the request to stop
SILENT_TIMEOUT_S = 0.5
LOOKS_IN_VAIN = 3  # at a scheduler that does not answer, each as long as `pulse.ANSWER_TIMEOUT_S`
TIDY_TIMEOUT_S = 90.0  # and how long it may then take to test and keep what it has reached
RESTART_TIMEOUT_S = 60.0
IDLE_LOOKS = 5  # of which one is taken while nothing runs
TIDY_EVERY_S = 60.0


class Dispatcher:
    """Moves jobs from the queue to the workers of one connection.

    Args:
        connection: To the cluster.
        queue: The list of jobs.
        topic: Where workers tell how jobs go on.
        settings: Where the sessions' files are, and when they expire.
    """

    def __init__(self, connection: Connection, queue: JobQueue, topic: str, settings: Settings) -> None:
        self._settings = settings
        self._connection = connection
        self._client = connection.client
        self.roster = Roster(connection.client, settings)
        self._num_workers = connection.num_workers
        self._queue = queue
        queue.slots = {"interactive": 1, "training": 1}  # until the workers are counted
        self._topic = topic
        self._futures: dict[str, Any] = {}
        self._places: dict[str, set[str]] = {}  # workers that a job was given to, one of which is to do it
        self._answered: set[str] = set()  # jobs in workers that have heard that they are to stop
        self._in_worker: dict[str, asyncio.Event] = {}  # set when the task has returned, whatever became of the job
        self._background: set[asyncio.Task[None]] = set()
        self._retired = False
        self.started = self.ready = False
        self._is_asking = False  # whether the workers are being asked if they can work for this process
        self.error: EngineError | None = None
        self.on_features_read: Callable[[int, int], None] = lambda hits, misses: None

    def retire(self) -> None:
        """Touches no job from now on; another dispatcher may have them. Safe to call from any thread."""
        self._retired = True

    async def listen(self) -> None:
        """Subscribes to what workers tell, and looks out for the workers."""
        self._client.subscribe_topic(self._topic, lambda event: self.receive(event[1]))
        self._spawn(self.wait_for_workers())
        self._spawn(self._listen_to_pulse())
        self._spawn(self._tidy())

    async def close(self) -> None:
        """Follows no job any further."""
        self.retire()
        for task in tuple(self._background):
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)

    async def wait_for_workers(self) -> None:
        """Waits until every worker is there, then counts how many jobs of each kind can run at once.

        Workers of somebody else's cluster are asked whether they can work for this process. If not, what waits fails
        with the reason, and the next job asks again.
        """
        self.ready = False
        self._is_asking = True
        try:
            await self._client.wait_for_workers(self._num_workers)
            if self.error:
                self.roster.ask_again()
            await self.roster.look()
            self.error = self.roster.refusal()
        finally:
            self._is_asking = False
        self.started = True
        if self.error:
            self._queue.fail_all(self.error)
            return
        self.ready = True
        self._count()

    def _count(self) -> None:
        """Gives as many jobs out at once as there are workers now: a cluster may grow."""
        self._queue.slots = {kind: self.roster.slots(kind) for kind in self._queue.slots}
        self.dispatch()

    def dispatch(self) -> None:
        """Gives waiting jobs to free workers; none where the cluster is gone, they wait for the next one."""
        if self._retired or self._connection.lost:
            return
        if self._settings.scheduler and not self.started:
            return  # it is not known yet whether those workers can work for this process
        if self.error:  # stands until those workers have answered anew
            if not self._is_asking:
                self._spawn(self.wait_for_workers())
            return
        for job in self._queue.take_next():
            self._spawn(self._follow(job))
        for job in self._queue.to_make_way():
            self._spawn(self._ask_to_stop(job, job.worker or ""))

    def receive(self, message: dict[str, Any]) -> None:
        """Takes what a worker told: a job began, sent an event, or returned."""
        job = self._queue.record(message)
        if "began" in message:
            self._in_worker[message["job_id"]] = asyncio.Event()
            if job and (job.finished or job.cancel_requested):  # cancelled while nobody knew that it had begun
                self._spawn(self._stop(job, message["began"]))
            self.dispatch()  # somebody may have come since it was given out
        elif "answered" in message:
            self._answered.add(message["job_id"])
        elif "returned" in message:
            self._leave_worker(message["job_id"])
            self.on_features_read(*message["features_read"])

    def cancel(self, job: Job) -> None:
        """Asks a job to stop; restarts its worker if it has not by `STOP_TIMEOUT_S`."""
        if job.worker:
            self._spawn(self._stop(job, job.worker))
        elif job.job_id in self._futures:
            self._spawn(self._futures[job.job_id].cancel())

    async def _follow(self, job: Job) -> None:
        places = self.roster.places(job.kind) if self.roster.foreign else None
        future = self._client.submit(
            run_job,
            *(job.function, job.arguments, job.job_id, job.owner, self._topic, job.kind == "training"),
            key=f"{job.job_id}-{job.attempts}",
            resources={job.kind: 1},
            workers=places,
            pure=False,
            retries=0,
        )
        self._futures[job.job_id] = future
        self._places[job.job_id] = set(places or ())
        try:
            result = await future
            forget_listings()  # what it says is kept is looked for at once
            self._queue.finish(job, "cancelled" if job.cancel_requested else "done", result=result)
        except (Exception, asyncio.CancelledError) as error:
            self._end_without_result(job, error)
        finally:
            future.release()
            self._futures.pop(job.job_id, None)
            self._places.pop(job.job_id, None)
            self.dispatch()

    def _end_without_result(self, job: Job, error: BaseException) -> None:
        from distributed import KilledWorker

        if self._retired:
            return
        if isinstance(error, LongJobError):
            return self._queue.to_long_line(job)
        if isinstance(error, KilledWorker):
            self._leave_worker(job.job_id)
            self.roster.drop(error.last_worker.address)
            self._count()  # nothing is given to it, though the next look is yet to come
            self._spawn(self.wait_for_workers())
        lost = isinstance(error, (KilledWorker, asyncio.CancelledError)) or self._connection.lost
        if job.cancel_requested:
            self._queue.finish(job, "cancelled")
        elif lost and job.worker is None and job.attempts < MAX_ATTEMPTS:
            self._queue.put_back(job)  # the worker died of another job, or before this one began
        else:
            self._queue.finish(job, "failed", error=explain(error))

    async def _stop(self, job: Job, worker: str) -> None:
        in_worker = self._in_worker.get(job.job_id)
        if in_worker is None:
            return
        self._spawn(self._ask_to_stop(job, worker))
        if not await self._has_left(in_worker, job):
            await self._restart(job, worker)

    async def _has_left(self, in_worker: asyncio.Event, job: Job) -> bool:
        """Whether a job that was asked to stop has returned in time: soon, or later if it has answered.

        A worker that has said nothing for that long already is given a moment only.
        """
        try:
            timeout_s = SILENT_TIMEOUT_S if job.silent_s > STOP_TIMEOUT_S else STOP_TIMEOUT_S
            await asyncio.wait_for(in_worker.wait(), timeout_s)
        except TimeoutError:
            if job.job_id not in self._answered:
                return False
            try:
                await asyncio.wait_for(in_worker.wait(), TIDY_TIMEOUT_S)
            except TimeoutError:
                return False
        return True

    async def _ask_to_stop(self, job: Job, worker: str) -> None:
        await self._client.run(request_stop, job.job_id, workers=[worker], on_error="ignore")

    async def _restart(self, job: Job, worker: str) -> None:
        """Replaces a worker that does not answer. Until it is gone no other job is given to it."""
        self.ready = False
        for kind in self._queue.slots:
            if kind == job.kind or self._num_workers == 1:
                self._queue.slots[kind] -= 1
        if job.job_id in self._futures:
            await self._futures[job.job_id].cancel(force=True)
        self._queue.finish(job, "cancelled")
        if await self.roster.workers() is None:
            self._connection.give_up()
            return
        try:
            with suppress(KeyError):  # Dask's answer to a worker that is gone already, and so is being replaced
                await self._client.restart_workers([worker], timeout=RESTART_TIMEOUT_S, raise_for_error=False)
        finally:
            self._leave_worker(job.job_id)
            await self.wait_for_workers()

    async def _listen_to_pulse(self) -> None:
        """Notes of the jobs that run whether their workers are alive; asks seldom, or nobody, while nothing runs.

        A scheduler of ours that does not answer is replaced: it runs nobody's jobs, so it is stuck and not busy.
        """
        in_vain = looks = 0
        while not self._retired:
            await asyncio.sleep(LOOK_EVERY_S)
            looks += 1
            if not self._is_due(looks):
                in_vain = 0
                continue
            answered = await self.roster.look()
            in_vain = 0 if answered else in_vain + 1
            if answered:
                self._queue.note_heard(self.roster.heard)
                self._take_back()
                if self.ready or self.roster.foreign:
                    self._count()
            elif in_vain == LOOKS_IN_VAIN and self._futures:
                logger.error("The scheduler does not answer, so another takes its place")
                self._connection.give_up()

    def _is_due(self, looks: int) -> bool:
        """Whether to look: what was given out waits for an answer, begun or not; new workers may have come."""
        waiting = self._queue.counts()[1] > 0
        return bool(self._futures) or (self.roster.foreign and (waiting or looks % IDLE_LOOKS == 0))

    def _take_back(self) -> None:
        """Takes back what has not begun where none of the workers is there any more that it was given to."""
        for job_id, places in self._places.items():
            kind = self._queue.kind_if_waiting(job_id)
            if places and kind and not places.intersection(self.roster.places(kind)):
                self._spawn(self._futures[job_id].cancel(force=True))

    async def _tidy(self) -> None:
        """Deletes in time what people were told would be deleted, also while nobody does anything."""
        while True:
            self._queue.ended.forget_expired()
            self._queue.ended.pack_unseen()
            self.dispatch()  # what waited while the connection was interrupted
            try:
                await asyncio.to_thread(expire_if_due, self._settings)
            except OSError:
                logger.exception("What has expired could not be deleted; the next attempt follows")
            await asyncio.sleep(TIDY_EVERY_S)

    def _leave_worker(self, job_id: str) -> None:
        self._answered.discard(job_id)
        if event := self._in_worker.pop(job_id, None):
            event.set()

    def _spawn(self, coroutine: Any) -> None:
        """Runs a coroutine beside this one; keeps it from being collected, logs what it raises."""
        task = asyncio.ensure_future(coroutine)
        self._background.add(task)
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._background.discard(task)
        if not task.cancelled() and task.exception():
            logger.error("The engine met an error", exc_info=task.exception())
