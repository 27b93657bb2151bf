"""The list of jobs: who may see what, who is next, what is remembered, for how long."""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Collection
from typing import Any

from ..errors import InvalidArgumentError, QueueFullError, TransferLearningError, WorkerLostError
from ..settings import Settings
from ..translatable import N_
from . import waiting_line
from .ended_jobs import EndedJobs
from .job import Job, JobView, Kind, Occupation, State
from .progress import remaining_s, share_done
from .used_time import UsedTime

REMEMBERED_DURATIONS = 20  # of each task, for estimates
MOST_WAITING_PER_OWNER = 8
MAX_ATTEMPTS = 3  # for a job whose worker was lost before the job began


class JobQueue:
    """All jobs of one engine. Safe to call from any thread; only `wait` waits.

    Args:
        settings: `max_queue`, `jobs_per_owner`, `expiry_s`, and what says which workers there are.

    Attributes:
        slots: How many jobs of each kind can run at once: as many as there are workers for them.
        ended: What is remembered of jobs that are over.
    """

    def __init__(self, settings: Settings) -> None:
        self._max_queue, self._per_owner = settings.max_queue, settings.jobs_per_owner
        self._apart = not (settings.low_memory or settings.scheduler)  # a worker for each kind, that is
        self._used_time = UsedTime(settings)
        self._jobs: dict[str, Job] = {}  # in the order of submission
        self._durations: dict[tuple[str, str], deque[float]] = defaultdict(lambda: deque(maxlen=REMEMBERED_DURATIONS))
        self._lock = threading.RLock()
        self.ended = EndedJobs(self._jobs, self._lock, settings.expiry_s)
        self._news = threading.Condition(self._lock)
        self.slots: dict[Kind, int] = {"interactive": 1, "training": 1}
        self.on_end: Callable[[Job], None] = lambda job: None  # called with each that has ended

    def add(self, job: Job) -> None:
        """Queues a job. All that wait of one group count as one.

        Raises:
            QueueFullError: Too many jobs wait already, of all owners or of this one, or they have had their time.
        """
        with self._lock:
            job.leader = self._leader_of(job)
            if job.leader is not None:
                self._jobs[job.job_id] = job  # it takes no room: nothing is computed for it
                return
            self._used_time.check(job, self._jobs.values())
            queued = [other for other in self._jobs.values() if other.state == "queued" and other.leader is None]
            waiting = {waiting_line.waiting_room(other) for other in queued} - {waiting_line.waiting_room(job)}
            own = sum(owner == job.owner for owner, _ in waiting)
            if len(waiting) >= self._max_queue:
                raise QueueFullError(
                    N_("Expected at most {limit} waiting jobs, and that many wait already. Try again in a minute."),
                    limit=self._max_queue,
                )
            if own >= min(MOST_WAITING_PER_OWNER, max(1, self._max_queue // 2)):
                raise QueueFullError(
                    N_("{own} jobs of this session wait already. Wait for one of them to finish, or cancel one."),
                    own=own,
                )
            if waiting_line.is_tried_beside(job, self._jobs.values(), self.slots[job.kind], apart=self._apart):
                job.kind = "interactive"
            job.round = waiting_line.next_round(job, self._jobs.values())
            self._jobs[job.job_id] = job
            self.ended.forget_surplus(job)
        self.ended.forget_expired()

    def get(self, job_id: str, owner: str) -> Job:
        """The job, if it is this owner's.

        Raises:
            InvalidArgumentError: There is none; the message is the same for a job of somebody else.
        """
        job = self._jobs.get(job_id)
        if job is None or job.owner != owner:
            raise InvalidArgumentError(
                N_(
                    "Expected the id of a job of this session. Received: {value!r}. "
                    "The job may be too old; start it again."
                ),
                value=job_id,
            )
        return job

    def of_owner(self, owner: str | None) -> list[Job]:
        """All jobs of an owner, newest first; of everybody for None."""
        with self._lock:
            return [job for job in reversed(self._jobs.values()) if owner in (None, job.owner)]

    def counts(self) -> tuple[int, int]:
        """How many jobs run, how many wait; all that wait of one group are one."""
        with self._lock:
            jobs = [job for job in self._jobs.values() if job.leader is None]
            waiting = {waiting_line.waiting_room(job) for job in jobs if job.state == "queued"}
            return sum(job.state == "running" for job in jobs), len(waiting)

    def view(self, job: Job) -> JobView:
        """The job as its owner may see it."""
        with self._lock:
            self.ended.unpack(job)
            waiting = job.leader or job
            if waiting.state != "queued" or job.finished:
                return job.view()
            jobs, slots = self._jobs.values(), self.slots[waiting.kind]
            served, ahead = waiting_line.running(jobs, waiting.kind), waiting_line.ahead_of(waiting, jobs)
            meanwhile = tuple(Occupation(other.task, other.owner == job.owner, bool(other.group)) for other in served)
            return job.view(
                position=1 + len(ahead),
                estimate_s=waiting_line.seconds_until(waiting, jobs, slots=slots, remaining_s=self._remaining_s),
                people_before=len({other.owner for other in (*served, *ahead)} - {job.owner}),
                meanwhile=meanwhile,
                num_workers=slots,
            )

    def wait(self, job: Job, condition: Callable[[JobView], bool], timeout_s: float) -> JobView:
        """The job as soon as something is true of it, and after `timeout_s` at the latest."""
        deadline = time.monotonic() + timeout_s
        with self._news:
            while not condition(view := self.view(job)) and (left_s := deadline - time.monotonic()) > 0:
                self._news.wait(left_s)
            return view

    def take_next(self) -> list[Job]:
        """Marks the jobs that may be given to workers now as dispatched, and returns them; see `waiting_line`."""
        with self._lock:
            jobs = list(self._jobs.values())
            chosen = [
                job
                for kind, slots in self.slots.items()
                for job in waiting_line.choose(jobs, kind, slots=slots, per_owner=self._per_owner)
            ]
            for job in chosen:
                job.dispatched = True
                job.attempts += 1
            return chosen

    def to_make_way(self) -> list[Job]:
        """Marks and returns the running parts of groups that are to be broken off; see `waiting_line`."""
        with self._lock:
            jobs = list(self._jobs.values())
            limits: dict[str, Any] = {"per_owner": self._per_owner, "now": time.time()}
            chosen = [
                job
                for kind, slots in self.slots.items()
                for job in waiting_line.to_make_way(jobs, kind, slots=slots, **limits)
            ]
            for job in chosen:
                job.makes_way = True
            return chosen

    def record(self, message: dict[str, Any]) -> Job | None:
        """Takes what a worker told about a job: that it began, or an event of its task. Returns the job."""
        with self._lock:
            job = self._jobs.get(message["job_id"])
            if job is not None and not job.finished:
                job.heard_s = time.time()
                if "event" in message:
                    job.events.append(message["event"])
                elif "began" in message:
                    job.state, job.worker, job.started_s = "running", message["began"], time.time()
                self._news.notify_all()
            return job

    def kind_if_waiting(self, job_id: str) -> Kind | None:
        """The kind of a job that was given to workers and has not begun; None of any other."""
        job = self._jobs.get(job_id)
        return job.kind if job is not None and job.state == "queued" else None

    def note_heard(self, workers: Collection[str]) -> None:
        """Notes that these workers, by their addresses, are alive."""
        with self._lock:
            for job in self._jobs.values():
                if job.state == "running" and job.worker in workers:
                    job.heard_s = time.time()

    def to_long_line(self, job: Job) -> None:
        """Queues a job among the long ones that turned out to be one."""
        with self._lock:
            if job.cancel_requested:
                self.finish(job, "cancelled")
            if job.finished:
                return
            job.kind, job.state, job.dispatched = "training", "queued", False
            job.worker = job.started_s = job.heard_s = None
            job.events.clear()
            job.round = waiting_line.next_round(job, (other for other in self._jobs.values() if other is not job))
            self._news.notify_all()

    def put_back(self, job: Job) -> None:
        """Queues a dispatched job again that had not begun."""
        with self._lock:
            job.dispatched = job.finished

    def request_cancel(self, job: Job) -> Job | None:
        """Cancels a job that no worker has; returns the one that a worker has and that is to be stopped, if any."""
        with self._lock:
            if job.finished or job.cancel_requested or job.abandoned:
                return None
            if job.leader is not None:
                leader, job.leader = job.leader, None
                self.finish(job, "cancelled")
                return self._withdraw(leader) if leader.abandoned and not self._followers(leader) else None
            if job.dispatched and self._followers(job):
                job.abandoned = True
                return None
            return self._withdraw(job)

    def _withdraw(self, job: Job) -> Job | None:
        job.cancel_requested = True
        if not job.dispatched:
            self.finish(job, "cancelled")
        return job if not job.finished else None

    def finish(self, job: Job, state: State, *, result: Any = None, error: TransferLearningError | None = None) -> None:
        """Sets how a job ended; the first word counts."""
        with self._lock:
            if job.finished:
                return
            job.state, job.result, job.error, job.finished_s = state, result, error, time.time()
            job.arguments = {}  # may hold images; nobody reads them again
            if job.started_s is not None and state == "done" and job.leader is None and not job.makes_way:
                self._durations[waiting_line.sort_of(job)].append(job.finished_s - job.started_s)
            self.on_end(job)
            self._used_time.note(job)
            self._serve_followers(job)
            self._news.notify_all()

    def _serve_followers(self, job: Job) -> None:
        """Who waited for the same gets it; if there is none, the first of them takes the place of who was lost."""
        followers = self._followers(job)
        if job.state == "done" or (job.state == "failed" and not isinstance(job.error, WorkerLostError)):
            for follower in followers:
                follower.started_s, follower.events = job.started_s, job.events
                self.finish(follower, job.state, result=job.result, error=job.error)
        elif followers:
            first, *others = followers
            first.leader, first.round = None, job.round
            for follower in others:
                follower.leader = first

    def _followers(self, job: Job) -> list[Job]:
        return [other for other in self._jobs.values() if other.leader is job and not other.finished]

    def _leader_of(self, job: Job) -> Job | None:
        """The unfinished job that computes just what this one asks for."""
        if job.question is None:
            return None
        same = (other for other in self._jobs.values() if other.question == job.question and other.leader is None)
        return next((other for other in same if not other.finished and not other.cancel_requested), None)

    def lose_workers(self, error: TransferLearningError) -> None:
        """Fails the jobs that had begun on workers that are gone; the others wait for new ones."""
        with self._lock:
            for job in self._jobs.values():
                if job.leader is not None:
                    continue  # goes on with whom it waits for, or in its place
                if job.dispatched and job.cancel_requested:
                    self.finish(job, "cancelled")
                elif job.dispatched and (job.started_s is not None or job.attempts >= MAX_ATTEMPTS):
                    self.finish(job, "failed", error=error)
                else:
                    self.put_back(job)

    def fail_all(self, error: TransferLearningError) -> None:
        """Fails all that are unfinished, the waiting ones too."""
        with self._lock:
            for job in self._jobs.values():
                self.finish(job, "failed", error=error)

    def _remaining_s(self, job: Job) -> float | None:
        if job.makes_way:
            return waiting_line.MAKING_WAY_S
        taken_s = time.time() - job.started_s if job.started_s is not None else 0.0
        return remaining_s(taken_s, share_done(job.events), self._durations.get(waiting_line.sort_of(job), ()))
