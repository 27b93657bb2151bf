"""The process that keeps the local cluster running: Dask's scheduler and the workers, each in a process of its own.

    python -m tlcore.engine.cluster

It is a process of its own, not part of the web process, for three reasons: Streamlit replaces `__main__` by the
page's script, which a spawned worker would then run; the web process stays small; and a scheduler that is busy does
not hold up a page. It prints the scheduler's address on one line, and ends when its standard input ends, that is, when
the process that started it is gone, however it went.

The scheduler is not part of it, so that what has imported tensorflow outlives it: when a scheduler ends, or is stuck,
the next one is there at once, at the same address, and workers are forked for it that need not import again.
"""

from __future__ import annotations

import asyncio
import logging
import os

from .forking import start_template


def main() -> None:
    """Starts a cluster, prints its address, and serves until standard input ends."""
    address_file = os.dup(1)
    os.dup2(2, 1)  # whatever a worker prints goes where it can be read: nobody reads the pipe after the address
    start_template()
    # Only now: importing dask takes a second, in which the template has begun with tensorflow.
    import dask

    from ..logs import configure_log
    from .configuration import CONFIGURATION
    from .local_cluster import serve

    logging.getLogger("distributed").setLevel(logging.ERROR)
    configure_log()
    with dask.config.set(CONFIGURATION):
        asyncio.run(serve(address_file))


if __name__ == "__main__":
    main()
