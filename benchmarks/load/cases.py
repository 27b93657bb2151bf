"""The cases: so many people at once, real browsers beside as many of ours, one person beside an experiment."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from math import ceil
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.lab_session import Lab, chromium_path, serving
from benchmarks.load.browser import BrowserPerson
from benchmarks.load.cost import Cost, Meter
from benchmarks.load.lesson import JOBS, Pace, explore, lesson, measure_experiment, prepare_to_train, train
from benchmarks.load.person import Person, ProtocolPerson
from scripts.browsing import CHROMIUM_OPTIONS
from scripts.deployment import deployed, find_nginx

MOST_IN_TRAINING, TRAINING_OF_MANY = 25, 10
AIMS_S = {10: 1.5, 25: 3.0, 50: 5.0}
LINKS = ("first page", "images")  # a browser also reads Streamlit's own scripts there
RUNS = 5
#: Streamlit keeps a session for two minutes after its page was closed; within half a minute more it is let go of.
KEPT_S = 160.0

Walk = Callable[[Person, Pace], Awaitable[Any]]


def many_people(count: int, pause_s: float, replicas: int = 0) -> Iterator[dict[str, Any]]:
    """`count` people at once, on a server of their own; on replicas behind the proxy of `deploy/` if there are any."""
    training = count if count <= MOST_IN_TRAINING else TRAINING_OF_MANY
    walks: list[Walk] = [*[lesson] * training, *[explore] * (count - training)]
    with behind_a_proxy(replicas) if replicas else ready_lab() as lab:
        people: list[Person] = [ProtocolPerson(lab.url, f"person {number}") for number in range(count)]
        cost, ended = asyncio.run(_class(people, walks, pause_s, lab, kept_s=0.0 if replicas else KEPT_S))
    name = f"{count} people, replicas behind a proxy: {replicas}" if replicas else f"{count} people"
    yield {"case": f"{name}: lessons that ended", "value": sum(ended[:training]), "unit": "lessons", "aim": training}
    yield {"case": f"{name}: errors", "value": sum(len(person.errors) for person in people), "unit": "errors", "aim": 0}
    yield from _times(name, people, AIMS_S.get(count))
    yield from _costs(name, cost, people) if not replicas else ()
    for person in people:
        for error in person.errors[:1]:
            yield {"case": f"{name}: {person.name} met", "value": error, "unit": "words"}


def compared_with_browsers(count: int, pause_s: float) -> Iterator[dict[str, Any]]:
    """The same lesson in Chromium and by ours, one after the other: do they ask the server for the same?"""
    with ready_lab() as lab:
        for kind, walk in (("Chromium", _browsers), ("protocol", _ours)):
            people, cost, ended = asyncio.run(walk(count, pause_s, lab))
            asked = sum(sum(page.sent.values()) for person in people for page in person.pages)
            clicks = _clicks(people, without=LINKS)
            yield {
                "case": f"{count} lessons by {kind}",
                "value": round(cost.web_s / count, 2),
                "unit": "processor seconds of the web process per lesson",
                "requests_per_lesson": round(asked / count, 1),
                "p50_s": round(median(clicks), 2) if clicks else None,
                "p95_s": round(_p95(clicks), 2) if clicks else None,
                "ended": sum(ended),
                "errors": [error for person in people for error in person.errors],
            }


def beside_an_experiment() -> Iterator[dict[str, Any]]:
    """The first point of a curve on an idle server, and while somebody else's experiment runs."""
    with ready_lab() as lab:
        idle, busy = asyncio.run(_first_points(lab.url))
    yield {
        "case": "1 person: first point of the curve while somebody's experiment runs, against an idle server",
        "value": round(median(busy) / median(idle), 2),
        "unit": f"times (medians of {RUNS})",
        "aim": 1.5,
        "idle_s": [round(seconds, 2) for seconds in idle],
        "busy_s": [round(seconds, 2) for seconds in busy],
    }


@contextmanager
def ready_lab() -> Iterator[Lab]:
    """A lab whose engine has started; somebody was there before, so the pages are imported."""
    with serving() as lab:
        asyncio.run(_wait_for_engine(lab.url))
        yield lab


@contextmanager
def behind_a_proxy(replicas: int) -> Iterator[Lab]:
    """The same with replicas of the app, workers of their own, and nginx; its process is that of one replica."""
    nginx = find_nginx()
    if nginx is None:
        raise RuntimeError("Needs nginx; none was found.")
    with TemporaryDirectory() as folder, deployed(Path(folder), nginx, replicas) as lab:
        asyncio.run(_wait_for_engine(lab.address))
        yield Lab(lab.address, next(iter(lab.replicas.values())), time.perf_counter())


async def _wait_for_engine(url: str) -> None:
    person = ProtocolPerson(url, "the first visitor")
    await lesson(person, Pace(0.0, 0))
    await person.close()


async def _class(
    people: Sequence[Person], walks: Sequence[Walk], pause_s: float, lab: Lab, *, kept_s: float = 0.0
) -> tuple[Cost, list[bool]]:
    """Everybody at once; what it cost, and who came to the end.

    What is held afterwards is looked at `kept_s` after they have left.
    """
    meter = Meter(lab.process.pid)
    meter.start()
    watching = asyncio.create_task(meter.watch())
    pairs = zip(people, walks, strict=True)
    ended = await asyncio.gather(*(_walk(p, walk, Pace(pause_s, seed)) for seed, (p, walk) in enumerate(pairs)))
    meter.stop()
    await asyncio.gather(*(person.close() for person in people))
    watching.cancel()
    await asyncio.sleep(kept_s)
    meter.look_again()
    return meter.cost, ended


async def _walk(person: Person, walk: Walk, pace: Pace) -> bool:
    try:
        await walk(person, pace)
    except Exception as error:  # one person's failure is a result, not the end of the measurement
        person.errors.append(f"{type(error).__name__}: {error}")
        return False
    return True


async def _ours(count: int, pause_s: float, lab: Lab) -> tuple[list[Person], Cost, list[bool]]:
    people: list[Person] = [ProtocolPerson(lab.url, f"protocol {number}") for number in range(count)]
    cost, ended = await _class(people, [lesson] * count, pause_s, lab)
    return people, cost, ended


async def _browsers(count: int, pause_s: float, lab: Lab) -> tuple[list[Person], Cost, list[bool]]:
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_OPTIONS)
        contexts = [await browser.new_context(locale="en-US") for _ in range(count)]
        people: list[Person] = [BrowserPerson(lab.url, f"Chromium {n}", context) for n, context in enumerate(contexts)]
        cost, ended = await _class(people, [lesson] * count, pause_s, lab)
        await browser.close()
    return people, cost, ended


async def _first_points(url: str) -> tuple[list[float], list[float]]:
    person, other = ProtocolPerson(url, "the person"), ProtocolPerson(url, "somebody else")
    await prepare_to_train(person)
    await train(person)  # the first run of all warms up
    idle = [await train(person) for _ in range(RUNS)]
    await measure_experiment(other)
    busy = [await train(person) for _ in range(RUNS)]
    await asyncio.gather(person.close(), other.close())
    return idle, busy


def _times(name: str, people: Sequence[Person], aim_s: float | None) -> Iterator[dict[str, Any]]:
    """First all clicks together, then each interaction; jobs of the engine are no clicks."""
    clicks = _clicks(people)
    if not clicks:
        return
    row = {
        "case": f"{name}: from a click to the page's answer",
        "value": round(_p95(clicks), 2),
        "p50": round(median(clicks), 2),
    }
    yield row | {"unit": f"s (p95 of {len(clicks)})"} | ({} if aim_s is None else {"aim": aim_s})
    for interaction in dict.fromkeys(name for person in people for name in person.times):
        times = [seconds for person in people for seconds in person.times[interaction]]
        yield {
            "case": f"{name}: {interaction}",
            "value": round(_p95(times), 2),
            "p50": round(median(times), 2),
            "unit": f"s (p95 of {len(times)})",
        }


def _costs(name: str, cost: Cost, people: Sequence[Person]) -> Iterator[dict[str, Any]]:
    count = len(people)
    asked = sum(sum(page.sent.values()) for person in people for page in person.pages)
    yield {"case": f"{name}: from the first click to the last lesson", "value": round(cost.wall_s, 1), "unit": "s"}
    yield {
        "case": f"{name}: web process per person",
        "value": round(cost.web_s / count, 2),
        "unit": "processor seconds",
        "requests": round(asked / count, 1),
        "kilobytes": round(sum(page.received_bytes for p in people for page in p.pages) / count / 1e3),
    }
    yield {"case": f"{name}: engine per person", "value": round(cost.engine_s / count, 2), "unit": "processor seconds"}
    yield {
        "case": f"{name}: memory of the web process per person",
        "value": round((cost.peak_mb - cost.before_mb) / count, 2),
        "unit": "MB",
        "before_mb": round(cost.before_mb),
        "peak_mb": round(cost.peak_mb),
        "after_mb": round(cost.after_mb),
    }
    yield from _given_back(name, cost)


def _given_back(name: str, cost: Cost) -> Iterator[dict[str, Any]]:
    """What the web process still has once all have closed the page, of what it had before they came."""
    yield {
        "case": f"{name}: memory of the web process after they have left",
        "value": round(100 * (cost.after_mb / cost.before_mb - 1)),
        "unit": "% more than before they came",
        "aim": 10,
    }
    yield {
        "case": f"{name}: file descriptors of the web process after they have left",
        "value": cost.after_files - cost.before_files,
        "unit": "more than before they came",
        "before": cost.before_files,
        "peak": cost.peak_files,
    }


def _clicks(people: Sequence[Person], without: Sequence[str] = ()) -> list[float]:
    left_out = {*JOBS, *without}
    each = [times for person in people for name, times in person.times.items() if name not in left_out]
    return [seconds for times in each for seconds in times]


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[ceil(0.95 * len(times)) - 1]
