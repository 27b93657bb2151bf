"""People doing the lesson at once: how long each click takes, whether every lesson ends, what a person costs.

    python -m benchmarks load --people 1,10,25,50 --json

The people speak Streamlit's websocket protocol and behave as the page in a browser does; five real Chromium sessions
beside as many of them, in the same run, say how true that is. Up to 25 people all train; of more, ten do and the others
read and explore. Every person waits half a second to a second and a half between two clicks.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

NAME = "load"
PEOPLE = (1, 10, 25, 50)


def _counts(text: str) -> tuple[int, ...]:
    return tuple(int(count) for count in text.split(","))


def add_options(parser: argparse.ArgumentParser) -> None:
    """What `python -m benchmarks load` takes."""
    parser.add_argument(
        "--people",
        type=_counts,
        default=PEOPLE,
        help="how many at once, with commas: a case each (%(default)s)",
    )
    parser.add_argument("--replicas", type=_counts, default=(), help="of the app behind nginx, with commas; none")
    parser.add_argument("--pause", type=float, default=1.0, help="mean seconds between two clicks (%(default)s)")
    parser.add_argument("--browsers", type=int, default=5, help="real Chromium sessions to compare with; 0 for none")


def measure(
    people: tuple[int, ...] = PEOPLE, pause: float = 1.0, browsers: int = 5, replicas: tuple[int, ...] = ()
) -> Iterator[dict[str, Any]]:
    """The comparison with real browsers, each number of people, and one person beside somebody's experiment.

    With replicas: each number of people with each number of replicas behind a proxy, and nothing else.
    """
    from benchmarks.load import cases

    if replicas:
        for processes in replicas:
            for count in people:
                yield from cases.many_people(count, pause, processes)
        return
    if browsers:
        yield from cases.compared_with_browsers(browsers, pause)
    for count in people:
        yield from cases.many_people(count, pause)
    yield from cases.beside_an_experiment()
