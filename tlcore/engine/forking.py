"""The process that workers are forked from, on Linux: it imports what they need, once."""

from __future__ import annotations

import sys
from multiprocessing import forkserver

TEMPLATE = ["tlcore.engine.end_with_parent", "distributed", "tlcore.engine.template"]


def start_template() -> None:
    """Starts it, where the system can fork; it imports on while the caller does something else.

    To be called again after dask's `get_mp_context`, which would have the next one, after this has died, import less.
    """
    if sys.platform == "linux":
        forkserver.set_forkserver_preload(TEMPLATE)
        forkserver.ensure_running()
