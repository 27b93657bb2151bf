"""When the workers were last heard of: a process that is stuck or stopped says nothing, and is told from a busy one."""

from __future__ import annotations

import asyncio
import math
import time
from typing import Any

LOOK_EVERY_S = 1.0
ANSWER_TIMEOUT_S = 2.0  # a scheduler that is well answers in milliseconds

Workers = dict[str, dict[str, Any]]  # what Dask's scheduler says of each, by its address


class Pulse:
    """Follows the heartbeats that Dask's workers send to its scheduler, by the clock of this process.

    Args:
        client: Connected to the scheduler.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._last_seen: dict[str, float] = {}  # worker -> when its scheduler heard it last, by the scheduler's clock
        self._heard_s: dict[str, float] = {}  # worker -> when that had changed

    async def workers(self) -> Workers | None:
        """What the scheduler says of each worker now; None if it does not answer, or the way to it is gone."""
        if self._client.scheduler is None:
            return None
        try:
            asked = self._client.scheduler.identity(n_workers=-1)
            identity: dict[str, Any] = await asyncio.wait_for(asked, ANSWER_TIMEOUT_S)
        except (TimeoutError, OSError):
            return None
        # One that is just coming, or leaving, would be given nothing, and its job to another that is busy.
        return {address: facts for address, facts in identity["workers"].items() if facts["status"] == "running"}

    def heard(self, workers: Workers) -> set[str]:
        """Addresses of the workers that the scheduler has heard since they were looked at last."""
        seen = {address: float(facts["last_seen"]) for address, facts in workers.items()}
        heard = {address for address, last_seen in seen.items() if self._last_seen.get(address) != last_seen}
        self._last_seen = seen
        self._heard_s = {address: self._heard_s.get(address, 0.0) for address in seen}
        self._heard_s |= dict.fromkeys(heard, time.monotonic())
        return heard

    def silent_s(self, worker: str) -> float:
        """Seconds for which a worker was not heard, at most; for ever where it was never looked at."""
        return time.monotonic() - self._heard_s.get(worker, -math.inf)
