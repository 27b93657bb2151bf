"""A little of what `python -m benchmarks hostile` and `chaos` do for long, on the app that these tests run."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any, TypeVar
from urllib.request import urlopen

import psutil

from benchmarks.chaos.cases import struck
from benchmarks.chaos.faults import Fault
from benchmarks.chaos.labs import Running
from benchmarks.hostile.cases import each
from benchmarks.hostile.links import bad_links
from benchmarks.hostile.projects import bad_projects
from benchmarks.hostile.uploads import bad_zips
from benchmarks.hostile.visitor import Hostile
from benchmarks.hostile.watch import Watch, escaped

T = TypeVar("T")


def elsewhere(coroutine: Coroutine[Any, Any, T]) -> T:
    """Runs it on another thread: playwright keeps a loop running on this one."""
    with ThreadPoolExecutor(1) as another_thread:
        return another_thread.submit(asyncio.run, coroutine).result()


def test_what_is_bad_is_refused_in_words_and_leaves_nothing(app_address: str, app_folder: Path) -> None:
    home = app_folder / "home"
    watch = Watch(web_process(app_address).pid)
    met = [
        *elsewhere(each(app_address, home, bad_zips(3, 0), Hostile.bring_zip)),
        *elsewhere(each(app_address, home, bad_links(6, 0), lambda visitor, link: visitor.follow(*link))),
        *elsewhere(each(app_address, home, bad_projects(3, 0, None), Hostile.open_project)),
    ]
    watch.close()
    assert [fault for one in met for fault in one.faults] == []
    assert [one.ended for one in met[-3:]] == ["refused"] * 3
    assert watch.lost() == 0
    assert escaped(home) == []


def test_a_training_whose_worker_is_killed_goes_on_or_says_so(app_address: str, app_folder: Path) -> None:
    lab = Running(app_address, app_folder / "home", web_process(app_address))
    outcome = elsewhere(struck(lab, Fault("kill", "worker", 0.3), 1.0, Random(0), epochs=40))
    assert outcome.run in ("resumed", "reported", "finished")
    assert outcome.usable_s is not None
    assert outcome.lost == 0


def test_who_watches_the_server_sees_what_it_did_and_nobody(
    app_address: str, app_folder: Path, monitor_address: str
) -> None:
    with urlopen(f"{monitor_address}/ready") as reply:
        assert json.load(reply) == {"ready": True, "missing": []}
    with urlopen(f"{monitor_address}/metrics") as reply:
        numbers = reply.read().decode()
    assert 'tlcore_jobs_total{end="done",kind="interactive"}' in numbers
    assert "tlcore_worker_memory_bytes" in numbers
    log = (app_folder / "log.txt").read_text("utf-8")
    ended = [line for line in map(_json, log.splitlines()) if line.get("event") == "A job ended"]
    assert ended, log
    for folder in (app_folder / "home" / "owners").iterdir():
        assert folder.name not in numbers + log
    for personal in ("photos.zip", "project.zip", "tlcore_owner", str(app_folder), "cats/"):
        assert personal not in numbers + json.dumps(ended)


def web_process(address: str) -> psutil.Process:
    """The process that serves the app at an address."""
    port = address.rpartition(":")[2]
    return next(child for child in psutil.Process().children() if port in child.cmdline())


def _json(line: str) -> dict[str, Any]:
    return json.loads(line) if line.startswith("{") else {}
