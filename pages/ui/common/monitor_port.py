"""A second port beside the app's (`TLCORE_MONITOR_PORT`), for who watches the server: /ready and /metrics.

It belongs to nobody who learns here, so it is off unless asked for, and open to this machine alone unless told
otherwise. Where it is on, the engine starts with the server and not with the first visitor.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tlcore.logs import configure_log
from tlcore.mirror import store_answers
from tlcore.settings import Settings, get_settings

if TYPE_CHECKING:
    from tlcore.engine import Engine
    from tlcore.engine.watching import EngineReport

logger = logging.getLogger(__name__)

_FORMAT = "text/plain; version=0.0.4; charset=utf-8"


@asynccontextmanager
async def monitored(_app: Any) -> AsyncIterator[None]:
    """The server's lifespan: its log as the settings say, and the port as long as it runs."""
    settings = get_settings()
    configure_log(settings)
    if settings.monitor_port is None:
        yield
        return
    from tlcore.engine import get_engine

    try:
        listening = socket.create_server((settings.monitor_address, settings.monitor_port))
    except OSError as error:  # two replicas on one machine need two ports; the lab itself goes on
        logger.error("The port of TLCORE_MONITOR_PORT cannot be opened: %s", error.strerror)
        yield
        return
    server = _Beside(uvicorn.Config(monitor(get_engine()), log_level="warning", lifespan="off", access_log=False))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving


def monitor(engine: Engine) -> Starlette:
    """What the port answers."""
    from tlcore.metrics import Metrics  # only who asks for it pays for the import

    metrics = Metrics(engine)

    def ready(_request: Request) -> Response:
        missing = what_is_missing(engine.report(), get_settings())
        return JSONResponse({"ready": not missing, "missing": missing}, 503 if missing else 200)

    def numbers(_request: Request) -> Response:
        return Response(metrics.text(), media_type=_FORMAT)

    # Plain functions run in threads: reading may take a moment, in which the app goes on.
    return Starlette(routes=[Route("/ready", ready), Route("/metrics", numbers)])


def what_is_missing(report: EngineReport, settings: Settings) -> list[str]:
    """Why a visitor's job would not run now: "engine", "workers", "home", "store"; empty where it would."""
    missing = [] if report.status.state == "ready" else ["engine"]
    missing += [] if report.workers else ["workers"]
    missing += [] if os.access(settings.home, os.W_OK) else ["home"]
    return missing + ([] if store_answers(settings) else ["store"])


class _Beside(uvicorn.Server):
    """A server in another's process: it leaves the signals to that one."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Captures none."""
        yield
