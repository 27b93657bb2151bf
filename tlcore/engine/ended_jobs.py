"""Jobs that are over: how many are remembered, how long, and in how little memory while nobody looks at them.

One person's lesson comes to six hundred kilobytes: photos, and two numbers for each layer and epoch of a training. The
browser may come back for them as long as its files are kept, hours after the person has left. So what nobody looks at
is packed, which leaves of events a tenth, and of equal photos, as all of a class have them, one copy.
"""

from __future__ import annotations

import hashlib
import pickle
import threading
import time
import zlib
from collections import deque
from collections.abc import Iterable
from itertools import chain
from typing import Any
from weakref import WeakValueDictionary

from .job import MAX_EVENTS, Job

KEPT_FINISHED = 20  # of each owner; the last of each task beside them, so that small questions push no training out
UNSEEN_S = 180.0  # after which nobody is thought to look; a page that is open and idle asks for nothing
MOST_PACKED_BYTES = 256 * 1024**2  # of all owners; beyond, what was not looked at for longest is forgotten


class _Packed:
    """Something that a job came to, in few bytes; equal ones are one object as long as somebody has it."""

    __slots__ = ("__weakref__", "content")

    def __init__(self, content: bytes) -> None:
        self.content = content


class EndedJobs:
    """What a list of jobs remembers of those that have ended.

    Args:
        jobs: All jobs, by id in the order of submission; those that are forgotten are taken out.
        lock: To be held while anything is done to them.
        expiry_s: How long they are remembered.
    """

    def __init__(self, jobs: dict[str, Job], lock: threading.RLock, expiry_s: float) -> None:
        self._jobs, self._lock, self._expiry_s = jobs, lock, expiry_s
        self._seen_s: dict[str, float] = {}  # when somebody looked at each last, in seconds since the epoch
        self._packed: dict[str, tuple[_Packed, _Packed]] = {}  # events and result
        self._contents: WeakValueDictionary[bytes, _Packed] = WeakValueDictionary()

    @property
    def packed_bytes(self) -> int:
        """Memory of what is packed."""
        return sum(len(packed.content) for packed in {*chain.from_iterable(self._packed.values())})

    def forget_expired(self) -> None:
        """Forgets what ended longer ago than `expiry_s`: results hold people's photos."""
        deadline = time.time() - self._expiry_s
        with self._lock:
            self._drop(job for job in self._jobs.values() if job.finished_s is not None and job.finished_s < deadline)

    def forget(self, owner: str, tag: str) -> None:
        """Forgets what an owner's jobs of this tag came to, those that have ended."""
        with self._lock:
            self._drop(job for job in self._jobs.values() if (job.owner, job.tag) == (owner, tag) and job.finished)

    def forget_surplus(self, new: Job) -> None:
        """Of what its owner's jobs came to, groups apart, the oldest go; the last of each task and tag stays."""
        with self._lock:
            known = [job for job in self._jobs.values() if job.finished]
            own = [job for job in known if (job.owner, bool(job.group)) == (new.owner, bool(new.group))]
            last = {(job.task, job.tag): job for job in own}
            self._drop(job for job in own[:-KEPT_FINISHED] if last[(job.task, job.tag)] is not job)

    def pack_unseen(self) -> None:
        """Packs what nobody has looked at for `UNSEEN_S`; forgets the oldest of it where that is too much."""
        for job in list(self._jobs.values()):
            with self._lock:  # for one at a time: people wait for their pages meanwhile
                if job.finished and job.job_id not in self._packed and self._last_seen_s(job) < time.time() - UNSEEN_S:
                    self._pack(job)
        with self._lock:
            oldest_first = sorted((self._jobs[job_id] for job_id in self._packed), key=self._last_seen_s)
            for job in oldest_first:
                if self.packed_bytes <= MOST_PACKED_BYTES:
                    return
                self._drop([job])

    def unpack(self, job: Job) -> None:
        """Makes a job whole again if it was packed: somebody looks at it."""
        with self._lock:
            self._seen_s[job.job_id] = time.time()
            if job.job_id in self._packed:
                events, job.result = (_unpacked(packed) for packed in self._packed.pop(job.job_id))
                job.events = deque(events, MAX_EVENTS)

    def _last_seen_s(self, job: Job) -> float:
        return max(job.finished_s or 0.0, self._seen_s.get(job.job_id, 0.0))

    def _pack(self, job: Job) -> None:
        if job.job_id in self._jobs:
            self._packed[job.job_id] = self._pack_value(list(job.events)), self._pack_value(job.result)
            job.events, job.result = deque(maxlen=MAX_EVENTS), None  # a new list: others may still read the old one

    def _pack_value(self, value: Any) -> _Packed:
        content = zlib.compress(pickle.dumps(value), 1)
        return self._contents.setdefault(hashlib.sha256(content).digest(), _Packed(content))

    def _drop(self, jobs: Iterable[Job]) -> None:
        for job in list(jobs):
            del self._jobs[job.job_id]
            self._seen_s.pop(job.job_id, None)
            self._packed.pop(job.job_id, None)


def _unpacked(packed: _Packed) -> Any:
    return pickle.loads(zlib.decompress(packed.content))
