"""The process of the local cluster's scheduler.

On Linux it is forked from what has imported everything already, as workers are, so that it is back in no time.
"""

from __future__ import annotations

import asyncio
import logging
from multiprocessing import parent_process
from multiprocessing.connection import Connection

import dask
from distributed import Scheduler

from ..logs import configure_log
from .configuration import CONFIGURATION, LOCAL
from .scheduler import dask_setup


def run_scheduler(port: int, address: Connection) -> None:
    """Runs in a process of its own, as long as its parent lives.

    Args:
        port: Where it listens; 0 for any.
        address: Gets its address, once it does.
    """
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # it would write of each lost worker what we say too
    configure_log()
    with dask.config.set(CONFIGURATION):
        asyncio.run(_serve(port, address))


async def _serve(port: int, address: Connection) -> None:
    async with Scheduler(host=LOCAL, port=port, dashboard=False, dashboard_address=f"{LOCAL}:0") as scheduler:
        dask_setup(scheduler)
        address.send(scheduler.address)
        address.close()
        if parent := parent_process():
            await asyncio.to_thread(parent.join)
