"""The process that workers are forked from, on Linux: it imports what they need, once."""

from __future__ import annotations

import sys
from multiprocessing import forkserver

TEMPLATE = ["tlcore.engine.end_with_parent", "distributed", "tlcore.engine.template"]


def set_template() -> None:
    """Says what it imports, where the system can fork, but does not start it.

    To be called after dask's `get_mp_context`, which says otherwise when it is called first.
    """
    if sys.platform == "linux":
        forkserver.set_forkserver_preload(TEMPLATE)


def start_template() -> None:
    """Starts it where the system can fork and it does not run; it imports while the caller does something else.

    To be called by a thread that lives as long as this process: the template ends with it, see `end_with_parent`.
    """
    set_template()
    if sys.platform == "linux":
        forkserver.ensure_running()
