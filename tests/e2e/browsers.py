"""A browser that listens: every window that a test opens is watched for what must never happen."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

HERE = {"127.0.0.1", "localhost"}
#: Streamlit looks for its server below a page's address first, when a link opens that page: two files, not there.
LOOKED_FOR_BELOW_A_PAGE = re.compile(r"^/\w+/_stcore/(health|host-config)$")
#: Where Streamlit would serve pictures to everybody who has the address.
PICTURE = re.compile(r"/media/\w+\.(jpg|jpeg|png|webp)$")


class WatchedBrowser:
    """A Chromium that notes each request that would leave this machine and each error of a page or its console."""

    def __init__(self, chromium: Any) -> None:
        self._chromium = chromium
        self._contexts: list[Any] = []
        self.faults: list[str] = []
        self.icon: str | None = None
        self.fetched_bytes = 0.0

    def new_context(self, **options: Any) -> Any:
        """A person's browser (`playwright.sync_api.BrowserContext`), watched from its first request on."""
        context = self._chromium.new_context(**options)
        context.on("request", lambda request: self._note_address(request.url))
        context.on("page", lambda page: page.on("websocket", lambda socket: self._note_address(socket.url)))
        context.on("console", self._note_message)
        context.on("weberror", lambda error: self.faults.append(f"uncaught: {error.error}"))
        self._contexts.append(context)
        return context

    def close(self) -> None:
        """Closes every window; what was said until then has been noted."""
        for context in self._contexts:
            context.close()

    def note_bytes(self, count: float) -> None:
        """What a file took on its way, packed as it was."""
        self.fetched_bytes += count

    def _note_address(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in HERE:
            self.faults.append(f"leaves this machine: {address}")
        if PICTURE.search(parts.path):
            self.faults.append(f"a picture that anybody could open: {address}")

    def _note_message(self, message: Any) -> None:
        if message.type != "error":
            return
        address = message.location.get("url", "")
        if "404" in message.text and LOOKED_FOR_BELOW_A_PAGE.match(urlsplit(address).path):
            return
        self.faults.append(f"console: {message.text} ({address})")
