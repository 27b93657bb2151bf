"""How Dask is to behave in the scheduler and the workers that this program starts."""

from __future__ import annotations

import sys

LOCAL = "127.0.0.1"
#: Dask keeps the last thousand messages of each connection, for its developers: jobs with people's images among them.
FEW_MESSAGES = {"distributed.admin.low-level-log-length": 10}
CONFIGURATION: dict[str, object] = {
    "distributed.worker.multiprocessing-method": "forkserver" if sys.platform == "linux" else "spawn",
    "distributed.scheduler.allowed-failures": 0,  # a job that killed its worker is not given a second one
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.worker.memory.target": False,  # results are small: there is nothing to spill, only tensorflow's own
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": 0.95,
    "distributed.worker.memory.monitor-interval": "500ms",
    "distributed.admin.tick.limit": "1h",  # tensorflow holds the interpreter for seconds; that is no news
    # What Dask does all the time for large clusters would keep a laptop's processor awake for nothing.
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.worker.profile.enabled": False,
    "distributed.scheduler.work-stealing": False,
    "distributed.scheduler.active-memory-manager.start": False,
    **FEW_MESSAGES,
}
