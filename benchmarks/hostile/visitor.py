"""Somebody who brings what is bad: puts it into the box, presses the button, and notes what the page says and when."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from tornado.httpclient import HTTPClientError

from benchmarks.hostile.uploads import BadFile
from benchmarks.hostile.watch import traces
from benchmarks.load.lesson import runs
from benchmarks.load.page import Page
from benchmarks.load.person import ProtocolPerson
from pages.ui.common.state import DATASETS_JOB, Key
from pages.ui.fine_tuning.state import OPEN_JOB

UPLOADS = "lang=en&source=upload&bring=zip&size=32"


@dataclass
class Met:
    """What became of one thing.

    Attributes:
        sort: What was bad about it.
        answer_s: Until the page answered, the slowest of its answers.
        job_s: Until the engine had done with it; 0 where it was not asked.
        ended: "refused" (with a sentence), "taken", or "not sent".
        faults: What should not have been on the page.
    """

    sort: str
    answer_s: float = 0.0
    job_s: float = 0.0
    ended: str = "taken"
    faults: list[str] = field(default_factory=list)


class Hostile:
    """One browser.

    Args:
        address: Of the app.
        home: Of the app; no page may name it.
    """

    def __init__(self, address: str, home: Path) -> None:
        self.person = ProtocolPerson(address, "somebody")
        self._home = home

    async def bring_zip(self, file: BadFile) -> Met:
        """To the page of the images."""
        return await self._bring(file, "datasets", UPLOADS, ("datasets.zip", "datasets.import"), DATASETS_JOB)

    async def open_project(self, file: BadFile) -> Met:
        """To the page of fine-tuning."""
        return await self._bring(file, "fine_tuning", "lang=en", ("fine_tuning.project.", "fine_tuning.open"), OPEN_JOB)

    async def follow(self, page: str, query: str) -> Met:
        """Opens an address."""
        met = Met(page)
        await self.person.follow("link", page, query)
        return self._noted(met)

    async def close(self) -> None:
        """Closes the tab."""
        await self.person.close()

    async def _bring(
        self, file: BadFile, page: str, query: str, controls: tuple[str, str], job: Key[str | None]
    ) -> Met:
        met, (box, button) = Met(file.sort), controls
        if self.person.page.url != f"{self.person.address}/{page}?{query}" or not self.person.connected:
            await self.person.follow("page", page, query)
        await self.person.until(lambda page: page.idle and _key(page, box), "the box")
        key = _key(self.person.page, box)
        self.person.times.clear()
        try:
            await self.person.upload("upload", key, (file.name, file.content))
        except HTTPClientError:
            met.ended = "not sent"
            return self._noted(met)
        part = self.person.page.find(button)
        if part is None or part.content.disabled:
            met.ended = "refused"
        else:
            began = time.perf_counter()
            await self.person.press("button", button)
            await self.person.until(lambda page: page.idle and not runs(page, job.name), "the job")
            met.job_s = time.perf_counter() - began
            met.ended = "refused" if self.person.page.errors() else "taken"
        return self._noted(met)

    def _noted(self, met: Met) -> Met:
        met.answer_s = max((seconds for times in self.person.times.values() for seconds in times), default=0.0)
        met.faults = traces(self.person.page, self._home)
        self.person.times.clear()
        self.person.errors.clear()  # sentences in red are what is expected here
        return met


def _key(page: Page, beginning: str) -> str:
    """Key of the first part of a page whose key begins so; empty without one."""
    return next((part.key for part in page.parts() if part.key.startswith(beginning)), "")
