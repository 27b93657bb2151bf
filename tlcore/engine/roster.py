"""Which workers get the jobs of this process, and why some do not."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, get_args

from ..errors import EngineError, StorageError
from ..settings import Settings
from .job import Kind
from .pulse import Pulse, Workers
from .shared_home import have_what_is_here, objection_to

SILENT_FROM_S = 8.0


class Roster:
    """The workers of one cluster.

    Those of a cluster of ours have all that this process has. Those of somebody else's are asked, each when it has
    come; whoever does not have it, or says nothing for a while, is passed over.

    Args:
        client: Connected to the cluster's scheduler.
        settings: Of this process.

    Attributes:
        heard: Addresses of the workers that were heard at the last look.
        objection: Why some workers get no jobs; None where all do.
    """

    def __init__(self, client: Any, settings: Settings) -> None:
        self._client, self._settings = client, settings
        self.foreign = bool(settings.scheduler)
        self._pulse = Pulse(client)
        self._workers: Workers = {}
        self._answers: dict[str, bool] = {}  # whether a worker has what this process has, by its address
        self.heard: set[str] = set()
        self.objection: EngineError | None = None

    async def workers(self) -> Workers | None:
        """What the scheduler says of each worker now; None if it does not answer."""
        return await self._pulse.workers()

    async def look(self) -> bool:
        """Sees which workers there are now, and asks new ones; False if the scheduler does not answer."""
        workers = await self._pulse.workers()
        if workers is None:
            return False
        self.heard, self._workers = self._pulse.heard(workers), workers
        if self.foreign:
            await self._ask(workers)
        return True

    def drop(self, address: str) -> None:
        """Forgets a worker that has just died."""
        self._workers.pop(address, None)

    def ask_again(self) -> None:
        """With the next look, those too that have answered."""
        self._answers.clear()

    def refusal(self) -> EngineError | None:
        """Why jobs of some kind cannot be done by the workers that are there for it; None if they can."""
        for kind in get_args(Kind):
            if self._for(kind) and not any(self._answers.get(address, not self.foreign) for address in self._for(kind)):
                return self.objection
        return None

    def places(self, kind: Kind) -> list[str]:
        """Addresses of the workers that jobs of a kind may be given to."""
        if not self.foreign:
            return self._for(kind)
        fit = [address for address in self._for(kind) if self._answers.get(address)]
        return [address for address in fit if self._pulse.silent_s(address) < SILENT_FROM_S]

    def slots(self, kind: Kind) -> int:
        """How many jobs of a kind can run at once; of ours one also while its worker is being replaced."""
        return max(0 if self.foreign else 1, len(self.places(kind)))

    def _for(self, kind: Kind) -> list[str]:
        return [address for address, facts in self._workers.items() if facts["resources"].get(kind)]

    async def _ask(self, workers: Collection[str]) -> None:
        self._answers = {address: answer for address, answer in self._answers.items() if address in workers}
        new = [address for address in workers if address not in self._answers]
        try:
            self._answers |= await have_what_is_here(self._client, self._settings, new)
        except StorageError as error:  # it is this process that does not reach its store; the next look asks again
            self.objection = EngineError(error.template, **error.params)
            return
        elsewhere = sorted(address for address, answer in self._answers.items() if not answer)
        self.objection = objection_to(elsewhere, self._settings) if elsewhere else None
