"""The person whose training is struck: begins it, sees what the page says of it, and does what it offers."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Literal

from tornado.httpclient import HTTPError
from tornado.websocket import WebSocketClosedError

from benchmarks.load.lesson import Pace, prepare, runs
from benchmarks.load.page import Page
from benchmarks.load.person import ProtocolPerson
from pages.ui.fine_tuning.state import JOB, RESULT

Seen = Literal["finished", "interrupted", "failed", "stopped", "stuck", "goes on"]

START, STOP, NUMBERS = "fine_tuning.start", f"{JOB.name}.stop", "fine_tuning-numbers"
CONTINUE, FORGET, GOES_ON = "fine_tuning.continue.", "fine_tuning.forget.", "fine_tuning-going-on-"
#: A small network on small images: it is about what happens to the run, not about what it learns.
TRAINING = "lang=en&base=LeNet5Modern&weights=random&method=scratch&head=8&batch=4&epochs={epochs}"
ANSWER_S, LOOK_S, RETRY_S = 20.0, 0.1, 0.2
NO_WORD_S, RELOAD_S = 8.0, 2.0  # whoever sees nothing loads the page again, and after a while believes it
_STUCK_ICON = ":material/heart_broken:"
_GONE = (OSError, HTTPError, TimeoutError, WebSocketClosedError, LookupError)


class Visitor:
    """One browser, which keeps its cookies whatever happens to the server.

    Args:
        address: Of the lab.
        epochs: Of a training.

    Attributes:
        ran_s: When a training was first seen to run since this was set to None, on the clock of `time.perf_counter`.
    """

    def __init__(self, address: str, epochs: int) -> None:
        self.person = ProtocolPerson(address, "the visitor")
        self.ran_s: float | None = None
        self._query = TRAINING.format(epochs=epochs)

    @property
    def page(self) -> Page:
        """What the tab shows."""
        return self.person.page

    @property
    def trains(self) -> bool:
        """Whether the page shows a training that runs."""
        return runs(self.page, JOB.name)

    async def begin(self) -> None:
        """Starts a training; chooses images before where the server has forgotten which."""
        await self.reload()
        for part in [part.key for part in self.page.parts() if part.key.startswith(FORGET)]:
            await self.person.press("forget", part)
        start = self.page.find(START)
        if start is None or (start.content.disabled and not self.trains):
            await prepare(self.person, Pace(0.0, 0))
            await self.reload()
        await self.person.press("start", START)
        await self.person.until(lambda page: runs(page, JOB.name) or page.find(RESULT), "start")

    async def reload(self) -> None:
        """Opens the page anew, again and again until the server answers."""
        while True:
            with suppress(*_GONE):
                async with asyncio.timeout(ANSWER_S):
                    await self.person.follow("page", "fine_tuning", self._query)
                    await self.person.until(lambda page: page.idle, "page")
                    return
            await asyncio.sleep(RETRY_S)

    async def see(self, *without: Seen) -> Seen:
        """What has become of the training, as soon as the page says it; reloads it where the server has gone.

        Args:
            without: What is not waited for: it was seen before.
        """
        wordless_since = loaded = time.perf_counter()
        known = self._epoch()
        while True:
            if not self.person.connected:
                await self.reload()
            seen, now = self._seen(), time.perf_counter()
            if self.ran_s is None and self._epoch() not in ("", known):
                self.ran_s = now  # it never stopped
            if seen != "stopped":
                wordless_since = now
            elif now - loaded > RELOAD_S:
                await self.reload()
                loaded = now
            if seen is not None and seen not in without and (seen != "stopped" or now - wordless_since > NO_WORD_S):
                return seen
            await asyncio.sleep(LOOK_S)

    def _seen(self) -> Seen | None:
        if not self.page.idle:
            return None
        if self.trains:
            alerts = [part.content for part in self.page.parts() if part.kind == "alert"]
            return "stuck" if any(alert.icon == _STUCK_ICON for alert in alerts) else None
        if self._continue() is not None:
            return "interrupted"
        if self.page.find(RESULT) is not None:
            return "finished"
        if self.page.errors():
            return "failed"
        if any(part.key.startswith(GOES_ON) for part in self.page.parts()):
            return "goes on"
        return None if self.page.find(START) is None else "stopped"

    async def go_on(self) -> bool:
        """Continues what was interrupted; whether it came to its end."""
        await self.person.press("continue", self._continue() or "")
        await self.until_it_runs()
        return await self.see() == "finished"

    async def until_it_runs(self) -> None:
        """Returns when the page counts epochs; what is stuck is stopped and begun again."""
        while not (self.page.find(RESULT) or (self.trains and self.page.find(NUMBERS))):
            if not self.person.connected:
                await self.reload()
            seen = self._seen()
            if seen == "stuck":
                await self.stop()
                await self.see("stuck")
            if seen in ("stuck", "failed", "interrupted"):
                await self.begin()
            await asyncio.sleep(LOOK_S)
        self.ran_s = self.ran_s or time.perf_counter()

    async def stop(self) -> None:
        """Presses Stop, where there still is one."""
        with suppress(*_GONE):
            await self.person.press("stop", STOP)

    async def close(self) -> None:
        """Closes the tab."""
        await self.person.close()

    def _epoch(self) -> str:
        """What the page says of how far the training is."""
        numbers = (part.content for part in self.page.parts() if part.kind == "metric")
        return next((f"{each.label} {each.body}" for each in numbers if " / " in each.body), "")

    def _continue(self) -> str | None:
        return next((part.key for part in self.page.parts() if part.key.startswith(CONTINUE)), None)
