"""Who is next: pure functions of the jobs of an engine.

Jobs wait in lines: one of each kind for what people ask for, and one for the jobs of groups, the many small parts of
something larger, which are for workers that would otherwise be idle. A line goes in rounds. The first job that a person
has in a line joins the round that is being served, the second one the round after it, and so on: who comes with one job
waits for one job of each other person at most, however many those have. A part that runs makes way for what people ask
for: it is broken off, and whoever leads the group asks for it again.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from .job import Job, Kind

MAKES_WAY_WITHIN_S = 30.0  # a part that has run longer is let finish: breaking it off would cost more than it gives
MAKING_WAY_S = 1.0  # that a part takes about from being asked to stop to having stopped
Line = tuple[Kind, bool]  # the kind, and whether it is the line of groups


def line_of(job: Job) -> Line:
    """The line that a job waits in."""
    return job.kind, bool(job.group)


def sort_of(job: Job) -> tuple[str, str]:
    """Jobs of one sort take about as long as each other."""
    return job.task, job.group


def waiting_room(job: Job) -> tuple[str, str]:
    """What a job takes up while it waits: room of its own, or that of its group."""
    return job.owner, job.group or job.job_id


def next_round(job: Job, jobs: Iterable[Job]) -> int:
    """The round that a new job joins.

    Args:
        job: The new one.
        jobs: All that are known.
    """
    line = line_of(job)
    peers = [other for other in jobs if line_of(other) == line and other.leader is None]
    served = max((other.round for other in peers if other.dispatched), default=0)
    unfinished = [other.round for other in peers if not other.finished]
    if not unfinished:
        return served + 1  # nobody is there: all begin anew as equals
    own = [other.round + 1 for other in peers if other.owner == job.owner and (other.dispatched or not other.finished)]
    return max([served, min(unfinished), *own])


def in_order(jobs: Iterable[Job], kind: Kind) -> list[Job]:
    """The queued jobs of a kind in the order in which workers get them; those that are on their way to one first.

    Args:
        jobs: All that are known, in the order of submission.
        kind: Of the workers.
    """
    queued = [job for job in jobs if job.kind == kind and job.state == "queued" and job.leader is None]
    return sorted(queued, key=lambda job: (not job.dispatched, bool(job.group), job.round))


def running(jobs: Iterable[Job], kind: Kind) -> list[Job]:
    """The jobs of a kind that workers are doing."""
    return [job for job in jobs if job.kind == kind and job.state == "running"]


def with_workers(jobs: Iterable[Job], kind: Kind) -> list[Job]:
    """The unfinished jobs of a kind that workers were given, though they may not have begun."""
    return [job for job in jobs if job.kind == kind and job.dispatched and not job.finished]


def is_tried_beside(job: Job, jobs: Iterable[Job], slots: int, *, apart: bool) -> bool:
    """Whether a new job for long work is tried first where people wait for answers, see `Task`.

    Args:
        job: The new one.
        jobs: All that are known.
        slots: How many jobs of its kind can run at once.
        apart: Whether answers have workers of their own, which no part keeps busy.
    """
    if not (job.quick_first or job.brief):
        return False
    busy = with_workers(jobs, job.kind)
    beside_parts = job.brief and apart and not job.group and any(other.group for other in busy)
    return len(busy) >= slots and (job.quick_first or beside_parts)


def ahead_of(job: Job, jobs: Iterable[Job]) -> list[Job]:
    """The queued jobs that go before a queued one."""
    line = in_order(jobs, job.kind)
    return line[: line.index(job)]


def choose(jobs: Sequence[Job], kind: Kind, *, slots: int, per_owner: int) -> list[Job]:
    """The jobs of a kind that may be given to workers now.

    Args:
        jobs: All that are known, in the order of submission.
        kind: Of the workers.
        slots: How many jobs of the kind can run at once.
        per_owner: How many of them may be one person's. Parts of groups take also what would be idle then.
    """
    busy = with_workers(jobs, kind)
    free = slots - len(busy)
    asked_for, all_of = Counter(job.owner for job in busy if not job.group), Counter(job.owner for job in busy)
    chosen: list[Job] = []
    surplus: list[Job] = []
    for job in in_order(jobs, kind):
        if len(chosen) >= free:
            return chosen
        if job.dispatched:
            continue
        if (all_of if job.group else asked_for)[job.owner] < per_owner:
            chosen.append(job)
            all_of[job.owner] += 1
            asked_for[job.owner] += not job.group
        elif job.group:
            surplus.append(job)
    return [*chosen, *surplus[: free - len(chosen)]]


def to_make_way(jobs: Sequence[Job], kind: Kind, *, slots: int, per_owner: int, now: float) -> list[Job]:
    """The running parts of groups that are to be broken off, since what somebody asked for waits for their worker.

    Those that began last, of which the least is lost; none that has run for `MAKES_WAY_WITHIN_S` already.

    Args:
        jobs: All that are known, in the order of submission.
        kind: Of the workers.
        slots: How many jobs of the kind can run at once.
        per_owner: How many of them may be one person's.
        now: Seconds since the epoch.
    """
    busy = with_workers(jobs, kind)
    if len(busy) < slots:
        return []
    own = Counter(job.owner for job in busy if not job.group)
    waiting = [job for job in in_order(jobs, kind) if not job.dispatched and not job.group]
    entitled = sum(own[job.owner] < per_owner for job in waiting)
    leaving = sum(job.makes_way for job in busy)
    parts = [(job.started_s, job) for job in busy if job.group and job.started_s is not None and not job.makes_way]
    young = [(started_s, job) for started_s, job in parts if now - started_s < MAKES_WAY_WITHIN_S]
    newest_first = sorted(young, key=lambda part: -part[0])
    return [job for _, job in newest_first[: max(0, entitled - leaving)]]


def seconds_until(
    job: Job, jobs: Iterable[Job], *, slots: int, remaining_s: Callable[[Job], float | None]
) -> float | None:
    """Guess of the seconds until a queued job starts.

    Args:
        job: A queued one.
        jobs: All that are known, in the order of submission.
        slots: How many jobs of its kind can run at once; 0 while the worker that does them starts again.
        remaining_s: How long a job that waits or runs still takes; None if nothing is known of it.

    Returns:
        None if nothing is known of a job that goes before it, or if there is no worker now.
    """
    known = list(jobs)
    served = running(known, job.kind)
    remaining: list[float] = []
    for other in (*served, *ahead_of(job, known)):
        seconds = remaining_s(other)
        if seconds is None:
            return None
        remaining.append(seconds)
    free_in = sorted(remaining[: len(served)]) + [0.0] * max(0, slots - len(served))
    if not free_in:
        return None
    heapq.heapify(free_in)
    for duration in remaining[len(served) :]:
        heapq.heapreplace(free_in, free_in[0] + duration)
    return free_in[0]
