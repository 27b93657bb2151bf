"""What the web process and the workers of a running lab have used, and what they hold."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

import psutil

MEMORY_LOOK_S = 1.0


@dataclass
class Cost:
    """Of a lab, between two moments.

    Attributes:
        web_s: Processor seconds of the web process.
        engine_s: Processor seconds of the engine: scheduler and workers.
        wall_s: Seconds that went by.
        before_mb, peak_mb, after_mb: Resident memory of the web process, MB.
        before_files, peak_files, after_files: File descriptors of the web process, sockets among them.
    """

    web_s: float = 0.0
    engine_s: float = 0.0
    wall_s: float = 0.0
    before_mb: float = 0.0
    peak_mb: float = 0.0
    after_mb: float = 0.0
    before_files: int = 0
    peak_files: int = 0
    after_files: int = 0


@dataclass
class Meter:
    """Reads the cost of a web process and of all that it has started.

    Args:
        pid: Of `streamlit run`.
    """

    pid: int
    cost: Cost = field(default_factory=Cost)

    def start(self) -> None:
        """From here on it counts."""
        self._web = psutil.Process(self.pid)
        self._began, self._web_s, self._engine_s = time.perf_counter(), _seconds(self._web), self._engine()
        self.cost.before_mb = self.cost.peak_mb = self._memory_mb()
        self.cost.before_files = self.cost.peak_files = self._web.num_fds()

    async def watch(self) -> None:
        """Keeps the highest memory and descriptors; runs until it is cancelled."""
        while True:
            self.cost.peak_mb = max(self.cost.peak_mb, self._memory_mb())
            self.cost.peak_files = max(self.cost.peak_files, self._web.num_fds())
            await asyncio.sleep(MEMORY_LOOK_S)

    def stop(self) -> None:
        """Up to here it counted."""
        self.cost.web_s = _seconds(self._web) - self._web_s
        self.cost.engine_s = self._engine() - self._engine_s
        self.cost.wall_s = time.perf_counter() - self._began

    def look_again(self) -> None:
        """What is held now."""
        self.cost.after_mb = self._memory_mb()
        self.cost.after_files = self._web.num_fds()

    def _memory_mb(self) -> float:
        return float(self._web.memory_info().rss / 1e6)

    def _engine(self) -> float:
        return sum(_seconds(child) for child in self._web.children(recursive=True))


def _seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
        return float(times.user + times.system)
    except psutil.NoSuchProcess:
        return 0.0
