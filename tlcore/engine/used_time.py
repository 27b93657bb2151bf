"""What the jobs of each session have taken of the workers' time within the last hour, and whether more is allowed."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable

from ..errors import QueueFullError
from ..settings import Settings
from ..translatable import N_
from .job import Job

HOUR_S = 3600.0


class UsedTime:
    """Remembers jobs that have ended; one that runs counts with what it has taken so far.

    Args:
        settings: `owner_job_s` and `server_job_s`.
    """

    def __init__(self, settings: Settings) -> None:
        self._owner_s, self._server_s = settings.owner_job_s, settings.server_job_s
        self._ended: deque[tuple[float, str, float]] = deque()  # when, whose, seconds

    def note(self, job: Job) -> None:
        """Counts a job that has ended."""
        if job.started_s is not None and job.finished_s is not None and job.leader is None:
            self._ended.append((job.finished_s, job.owner, job.finished_s - job.started_s))

    def check(self, job: Job, jobs: Iterable[Job]) -> None:
        """Refuses a long job of a session, or of anybody, that has had its time.

        Args:
            job: A new one; answers that pages wait for are given at any time.
            jobs: All that are known.

        Raises:
            QueueFullError: It says how much was used, and when there is time again.
        """
        if job.kind != "training" or job.group:
            return
        now_s = time.time()
        while self._ended and self._ended[0][0] < now_s - HOUR_S:
            self._ended.popleft()
        begun = [other for other in jobs if other.state == "running" and other.leader is None]
        running = [(now_s, other.owner, now_s - (other.started_s or now_s)) for other in begun]
        used = [*self._ended, *running]
        self._refuse(
            [each for each in used if each[1] == job.owner],
            self._owner_s,
            N_(
                "The jobs of this session took {used} minutes within the last hour; here they may take {most}. Start "
                "this one again in {wait} minutes."
            ),
        )
        if self._server_s is not None:
            self._refuse(
                used,
                self._server_s,
                N_(
                    "All jobs of this lab took {used} minutes within the last hour; they may take {most}. Start this "
                    "one again in {wait} minutes."
                ),
            )

    @staticmethod
    def _refuse(used: list[tuple[float, str, float]], most_s: float, template: str) -> None:
        total_s = sum(seconds for _, _, seconds in used)
        if total_s < most_s:
            return
        left_s, free_s = total_s, time.time()
        for ended_s, _, seconds in used:
            left_s -= seconds
            if left_s < most_s:
                free_s = ended_s + HOUR_S
                break
        minutes = {"used": total_s, "most": most_s, "wait": free_s - time.time()}
        raise QueueFullError(template, **{name: max(1, round(seconds / 60)) for name, seconds in minutes.items()})
