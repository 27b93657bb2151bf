"""Bad uploads, links and project files by the hundred, through the running server: nothing may break, hang or leak.

    python -m benchmarks hostile --count 240 --seed 0 --json

A visitor who speaks the browser's protocol brings ZIPs that unpack elsewhere, unpack to gigabytes, break off or lie;
opens every page with absurd values in its address; and opens project files that say what cannot be. All of them are
made from the seed. The server is the app with its engine, as one starts it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

NAME = "hostile"


def add_options(parser: argparse.ArgumentParser) -> None:
    """What `python -m benchmarks hostile` takes."""
    parser.add_argument("--count", type=int, default=240, help="of each: ZIPs, links and project files (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="they are made from it (%(default)s)")


def measure(count: int = 240, seed: int = 0) -> Iterator[dict[str, Any]]:
    """What became of each sort, then of the server."""
    from benchmarks.hostile.cases import everything_bad

    yield from everything_bad(count, seed)
