"""A question to a part of the web server, without a network."""

from __future__ import annotations

import asyncio
from typing import Any, NamedTuple


class Answer(NamedTuple):
    """What was sent: headers in their order, since a name may come twice."""

    status: int
    headers: list[tuple[str, str]]
    content: bytes


async def ask(app: Any, path: str, method: str = "GET", scheme: str = "http", **headers: str) -> Answer:
    """Asks an ASGI app for a path, as a browser that stays; `_` in the name of a header stands for `-`."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return await asyncio.Future()

    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "path": path, "method": method, "scheme": scheme, "headers": raw}
    await app({**scope, "query_string": b"", "root_path": ""}, receive, send)
    told = [(name.decode(), value.decode()) for name, value in sent[0]["headers"]]
    return Answer(sent[0]["status"], told, b"".join(part.get("body", b"") for part in sent[1:]))
