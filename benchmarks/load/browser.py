"""A person with a real Chromium: presses what a person presses, and listens to what the page and the server say."""

from __future__ import annotations

import re
import time
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg

from benchmarks.load.person import TIMEOUT_S, Person
from benchmarks.load.widgets import options


class BrowserPerson(Person):
    """Timed by the messages on the websocket, as a `ProtocolPerson` is, so that the two can be compared."""

    def __init__(self, address: str, name: str, context: Any) -> None:
        super().__init__(address, name)
        self._context = context
        self._tab: Any = None

    async def _open(self, url_path: str, query: str) -> None:
        if self._tab is not None:
            await self._tab.close()
        self._tab = await self._context.new_page()
        self._tab.set_default_timeout(1000 * TIMEOUT_S)
        self._tab.on("websocket", self._attend)
        await self._tab.goto(f"{self.address}/{url_path}?{query}", wait_until="commit")

    def _attend(self, socket: Any) -> None:
        page = self.page
        socket.on("framereceived", lambda data: self.heard(data) if page is self.page else None)
        socket.on("framesent", lambda data: self._count(data))

    def _count(self, data: bytes) -> None:
        message = BackMsg.FromString(data)
        if message.WhichOneof("type") == "rerun_script":
            asked = message.rerun_script
            self.page.sent["timer" if asked.is_auto_rerun else "fragment" if asked.fragment_id else "page"] += 1
            self._asked_s = self._asked_s if asked.is_auto_rerun else time.perf_counter()

    async def _go(self, url_path: str) -> None:
        await self._tab.locator(f'[data-testid="stSidebarNavLink"][href$="/{url_path}"]').click()

    async def _press(self, key: str) -> None:
        await self._at(key).locator("button").first.click()

    async def _choose(self, key: str, value: Any) -> None:
        part = self.page.find(key)
        if part is None:
            raise LookupError(f"{self.name}: “{key}” went away before it was set")
        if part.kind == "checkbox":
            await self._at(key).locator("label").first.click()
        elif part.kind == "button_group":
            await self._at(key).locator("button").nth(options(part.content).index(value)).click()
        else:
            box = self._at(key).locator("input").first
            await box.click()
            await box.fill(str(value))
            await self._tab.get_by_role("option").first.wait_for()
            await box.press("Enter")

    def _at(self, key: str) -> Any:
        """Streamlit writes an element's key as one of its classes."""
        return self._tab.locator(".st-key-" + re.sub(r"[^a-zA-Z0-9_-]", "-", key)).first

    async def close(self) -> None:
        await self._context.close()
