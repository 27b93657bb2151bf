"""Jobs that take time run here, in worker processes that have tensorflow imported beforehand; see `Engine`.

```
web process (no tensorflow)              cluster process            worker "interactive"   worker "training"
get_engine().submit(owner, task, ...)  -> Dask scheduler          -> task(context, ...) or task(context, ...)
engine.job(job_id, owner).events       <- events of the topic     <- context.emit({...})
engine.cancel(job_id, owner)           -> flag in the worker      -> context.should_stop()
```

`TLCORE_SCHEDULER=tcp://host:port` uses an existing Dask cluster instead, with the same code. Its workers need
`--nthreads 1 --nanny --preload tlcore.engine.preload --resources "interactive=1"` (or `training=1`, or both), its
scheduler `--preload tlcore.engine.scheduler` and `DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES=0`, and all of them
the same `TLCORE_STORE`, or the same `TLCORE_HOME` on a disk.

Importing this package imports neither tensorflow nor dask, and no task before one is asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .engine import Engine, get_engine
from .job import EngineStatus, JobContext, JobView

if TYPE_CHECKING:
    from .registry import Task, find_task, register_task

__all__ = ["Engine", "EngineStatus", "JobContext", "JobView", "Task", "find_task", "get_engine", "register_task"]


def __getattr__(name: str) -> Any:
    if name in ("Task", "find_task", "register_task"):
        return getattr(import_module(f"{__name__}.registry"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
