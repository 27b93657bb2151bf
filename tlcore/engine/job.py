"""A job as its owner sees it, as the engine keeps it, and as the running task sees it."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from ..errors import TransferLearningError
from ..settings import get_settings

if TYPE_CHECKING:
    from ..store import OwnerStore

Kind = Literal["interactive", "training"]
State = Literal["queued", "running", "done", "failed", "cancelled"]
UNFINISHED: tuple[State, ...] = ("queued", "running")
MAX_EVENTS = 10_000  # of one job; the oldest are dropped
EVENT_INTERVAL_S = 0.05  # events that only say how far a job is are not sent more often than this


class JobStoppedError(Exception):
    """Raised by a task to leave a computation because `JobContext.should_stop` said so; the job has no result then."""


class LongJobError(Exception):
    """Raised in the worker for questions: the job is one of those that wait for the other worker."""


@dataclass(frozen=True)
class Occupation:
    """What a worker does meanwhile; whose it is stays unsaid but for whether it is one's own.

    Attributes:
        task: Name of the task in the registry.
        own: Whether it is a job of the same session.
        part: Whether it is a small part of something larger, an experiment for example.
    """

    task: str
    own: bool
    part: bool


@dataclass(frozen=True)
class JobView:
    """A job at one moment.

    Attributes:
        job_id: What `Engine.submit` returned.
        task: Name of the task in the registry.
        kind: Which worker runs it, "interactive" or "training".
        tag: What `Engine.submit` was told to find the job by.
        state: "queued", "running", "done", "failed" or "cancelled".
        position: In the queue, 1 for the next to run; 0 when it is not queued.
        estimate_s: Guess of the seconds until a queued job starts, from earlier jobs; None when nothing is known.
        events: What the task emitted so far, in order.
        result, error: What the task returned, also where it stopped when it was asked to; why it failed.
        stopping: Whether it was asked to stop and still runs.
        submitted_s, started_s, finished_s: Seconds since the epoch; None for what has not happened.
        people_before: Of a queued job: how many others are served before it or are being served.
        meanwhile: Of a queued job: what the workers of its kind do now.
        silent_s: Of a running job: seconds since its worker was last heard of; a worker that is well is heard each one.
        shared: Somebody asked for the very same before, and this waits for that one's result.
        num_workers: Of a queued job: how many workers there are that may do it.
    """

    job_id: str
    task: str
    kind: Kind
    tag: str
    state: State
    position: int
    estimate_s: float | None
    events: tuple[dict[str, Any], ...]
    result: Any
    error: TransferLearningError | None
    stopping: bool
    submitted_s: float
    started_s: float | None
    finished_s: float | None
    people_before: int = 0
    meanwhile: tuple[Occupation, ...] = ()
    silent_s: float = 0.0
    shared: bool = False
    num_workers: int = 1

    @property
    def finished(self) -> bool:
        """Whether nothing about this job will change any more."""
        return self.state not in UNFINISHED


@dataclass(frozen=True)
class EngineStatus:
    """The engine at one moment.

    Attributes:
        state: "starting" (workers are importing tensorflow), "ready", "restarting" (a worker was lost and comes
            back by itself), "failed" (see `error`; the next job tries again), "stopped" (not started, or closed).
        running: Jobs that run.
        queued: Jobs that wait.
        error: Why the engine could not start; where it is ready, why some workers get no jobs.
    """

    state: Literal["stopped", "starting", "ready", "restarting", "failed"]
    running: int
    queued: int
    error: TransferLearningError | None = None


@dataclass
class Job:
    """A job as the engine keeps it."""

    job_id: str
    owner: str
    task: str
    function: Callable[..., Any]
    kind: Kind
    arguments: dict[str, Any]
    tag: str = ""
    group: str = ""
    quick_first: bool = False  # see `Task`, as for the next
    brief: bool = False
    question: str | None = None  # jobs of the same one are computed once, see `questions`
    leader: Job | None = None  # the job of the same question whose result this one waits for
    abandoned: bool = False  # its owner cancelled it, and others wait for what it computes
    state: State = "queued"
    events: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=MAX_EVENTS))
    result: Any = None
    error: TransferLearningError | None = None
    cancel_requested: bool = False
    submitted_s: float = field(default_factory=time.time)
    started_s: float | None = None
    finished_s: float | None = None
    round: int = 0  # of its line, see `waiting_line`
    makes_way: bool = False  # a part of a group that was asked to stop for what people ask for
    dispatched: bool = False  # given to a worker, though it may not have begun
    attempts: int = 0
    worker: str | None = None
    heard_s: float | None = None  # when its worker was last heard of

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state not in UNFINISHED

    @property
    def silent_s(self) -> float:
        """Seconds since its worker was heard of, while it runs."""
        return time.time() - self.heard_s if self.state == "running" and self.heard_s is not None else 0.0

    def view(self, **place: Any) -> JobView:
        """What its owner may see of it.

        Args:
            place: Of a queued job: `position`, `estimate_s`, `people_before` and `meanwhile`.
        """
        running = self.leader if self.leader is not None and not self.finished else self
        cancelled = self.abandoned and not self.finished
        return JobView(
            job_id=self.job_id,
            task=self.task,
            kind=self.kind,
            tag=self.tag,
            state="cancelled" if cancelled else running.state,
            events=tuple(running.events),
            result=self.result,
            error=self.error,
            stopping=self.cancel_requested and not self.finished,
            submitted_s=self.submitted_s,
            started_s=running.started_s,
            finished_s=self.finished_s,
            silent_s=running.silent_s,
            shared=running is not self,
            **{"position": 0, "estimate_s": None, **place},
        )


class JobContext:
    """What a running task may ask of the engine.

    Args:
        job_id: Of the job that runs.
        owner: Token of the session that submitted it.
        send: Called with each event, a plain dict.
        stopped: Says whether the owner asked the job to stop.
        may_take_minutes: Whether it runs where long jobs run, not where people wait for an answer.
        most_s: Seconds that it may run.
    """

    def __init__(
        self,
        job_id: str,
        owner: str,
        send: Callable[[dict[str, Any]], None],
        stopped: Callable[[], bool],
        *,
        may_take_minutes: bool = True,
        most_s: float = math.inf,
    ) -> None:
        self.job_id = job_id
        self.owner = owner
        self.may_take_minutes = may_take_minutes
        self._send = send
        self._stopped = stopped
        self._ends_s = time.monotonic() + most_s
        self._sent_at: dict[tuple[Any, ...], float] = {}

    def emit(self, event: dict[str, Any]) -> None:
        """Sends an event to whoever looks at the job; numpy values become plain numbers and lists.

        Events of kind "batch" and "progress" are thinned out to twenty a second, so that telling does not slow down
        doing; the last one of a "progress" (`done` equals `total`) is always sent.
        """
        if self._is_due(event):
            self._send(plain(event))

    def should_stop(self) -> bool:
        """Whether it is to stop: asked to, or out of time. A job that asks within 3 s keeps its worker and result."""
        return self._stopped() or self.out_of_time()

    def out_of_time(self) -> bool:
        """Whether the job has run as long as a job may."""
        return time.monotonic() > self._ends_s

    def take_minutes(self) -> None:
        """To be called before work that may take minutes: where people wait for answers it is not done.

        Where finding out takes long itself, ask `may_take_minutes` first.

        Raises:
            LongJobError: This is such a place; the job begins again in another, in its turn.
        """
        if not self.may_take_minutes:
            raise LongJobError

    def progress(self, phase: str) -> Callable[[int, int], None]:
        """Something to call with (done, total) as work goes on, which tells it and leaves when the job is to stop.

        Args:
            phase: What is being done, a translatable template.

        Returns:
            A function that raises `JobStoppedError` once the job is to stop.
        """

        def report(done: int, total: int) -> None:
            if self.should_stop():
                raise JobStoppedError
            self.emit({"kind": "progress", "phase": phase, "done": done, "total": total})

        return report

    @property
    def store(self) -> OwnerStore:
        """The files of the session that submitted the job."""
        from ..store import OwnerStore

        return OwnerStore(self.owner)

    def keep_changed(self, since_s: float) -> None:
        """Brings what the task wrote itself into the store, where there is one; what it added is there already.

        Args:
            since_s: When it began, in seconds since the epoch.

        Raises:
            StorageError: The store does not answer.
        """
        if get_settings().store:
            self.store.mirrored.keep_changed(since_s)

    def _is_due(self, event: dict[str, Any]) -> bool:
        if event.get("kind") not in ("batch", "progress"):
            return True
        stream, now = (event["kind"], event.get("phase")), time.monotonic()
        last_of_all = event["kind"] == "progress" and event.get("done") == event.get("total")
        if not last_of_all and now - self._sent_at.get(stream, 0.0) < EVENT_INTERVAL_S:
            return False
        self._sent_at[stream] = now
        return True


def plain(value: Any) -> Any:
    """Numbers, strings, lists and dicts only: what travels between processes without code."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if hasattr(value, "tolist"):
        return value.tolist()  # numpy arrays and numpy's numbers
    if value is None or isinstance(value, (bool, int, float, str, bytes)):
        return value
    return str(value)
