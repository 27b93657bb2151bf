"""All that is bad, one after the other; what the pages said, how long it took, and how the server was afterwards."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from benchmarks.chaos.labs import started
from benchmarks.hostile.links import bad_links
from benchmarks.hostile.projects import bad_projects, whole_project
from benchmarks.hostile.uploads import BadFile, bad_zips
from benchmarks.hostile.visitor import Hostile, Met
from benchmarks.hostile.watch import Watch, escaped

T = TypeVar("T")

HANG_S = 5.0
#: Where the largest image that is decoded has 50 million pixels and the largest upload 200 MB.
MOST_MB = {"web": 700.0, "worker": 2500.0}
OF_ONE_BROWSER = 40  # then another one comes, with an empty store


def everything_bad(count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Rows of each sort, then of the server."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        whole = whole_project(folder)
        with started(folder, topology=False) as lab:
            asyncio.run(_warm_up(lab.address, lab.home))
            watch = Watch(lab.processes("web")[0].pid)
            met = {
                "ZIPs": asyncio.run(each(lab.address, lab.home, bad_zips(count, seed), Hostile.bring_zip)),
                "links": asyncio.run(each(lab.address, lab.home, bad_links(count, seed), _follow)),
                "project files": asyncio.run(
                    each(lab.address, lab.home, bad_projects(count, seed, whole), Hostile.open_project)
                ),
            }
            watch.close()
            for kind, those in met.items():
                yield from _rows(kind, those, seed)
            yield from _of_the_server(watch, lab.home)


async def each(
    address: str, home: Path, things: Iterable[T], bring: Callable[[Hostile, T], Awaitable[Met]]
) -> list[Met]:
    """Brings one after the other; another browser takes over now and then."""
    met: list[Met] = []
    visitor = Hostile(address, home)
    for number, thing in enumerate(things, start=1):
        try:
            met.append(await bring(visitor, thing))
        except Exception as error:  # what breaks the visit is a result
            sort = thing.sort if isinstance(thing, BadFile) else str(thing)[:200]
            met.append(Met(sort, ended="broke", faults=[f"{type(error).__name__}: {error}"]))
            await visitor.close()
            visitor = Hostile(address, home)
        if number % OF_ONE_BROWSER == 0:
            await visitor.close()
            visitor = Hostile(address, home)
    await visitor.close()
    return met


async def _follow(visitor: Hostile, link: tuple[str, str]) -> Met:
    return await visitor.follow(*link)


async def _warm_up(address: str, home: Path) -> None:
    """The engine has started, the pages are imported: from here on it counts."""
    good = [BadFile("good", "photos.zip", next(iter(bad_zips(1, 0))).content)]
    await each(address, home, good, Hostile.bring_zip)
    await each(address, home, [(page, "") for page, _query in bad_links(9, 0)], _follow)


def _rows(kind: str, met: list[Met], seed: int) -> Iterator[dict[str, Any]]:
    ended = Counter(one.ended for one in met)
    faults = [f"{one.sort}: {fault}" for one in met for fault in one.faults]
    slow = [one for one in met if max(one.answer_s, one.job_s) > HANG_S]
    yield {
        "case": f"{len(met)} bad {kind} (seed {seed}): traces on a page, or broken visits",
        "value": len(faults),
        "unit": "faults",
        "aim": 0,
        **{name.replace(" ", "_"): number for name, number in sorted(ended.items())},
    }
    yield {
        "case": f"{len(met)} bad {kind}: slowest answer of a page",
        "value": round(max(one.answer_s for one in met), 2),
        "unit": "s",
        "aim": HANG_S,
        "slowest_job_s": round(max(one.job_s for one in met), 2),
        "over_aim": len(slow),
    }
    for fault in faults[:20]:
        yield {"case": f"bad {kind}: met", "value": fault[:400], "unit": "words"}
    for one in slow[:10]:
        yield {"case": f"bad {kind}: slow", "value": round(max(one.answer_s, one.job_s), 1), "unit": f"s, {one.sort}"}


def _of_the_server(watch: Watch, home: Path) -> Iterator[dict[str, Any]]:
    yield {"case": "processes that ended meanwhile", "value": watch.lost(), "unit": "processes", "aim": 0}
    yield {"case": "files outside their folder", "value": len(escaped(home)), "unit": "files", "aim": 0}
    for name, peak in watch.peak_mb.items():
        yield {"case": f"highest memory: {name}", "value": round(peak), "unit": "MB", "aim": MOST_MB[name]}
