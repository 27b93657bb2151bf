"""Parts of a running lab are killed, stopped or lose their disk while somebody trains: what is lost, what goes on.

    python -m benchmarks chaos --kills 20 --seed 0 --json
    python -m benchmarks chaos --kills 20 --topology --json

Each fault strikes at a random moment of a training that a person has begun on the page, in a lab as one starts it, or
(`--topology`) in replicas behind nginx with a scheduler and workers of their own. The person does what the page says:
goes on with what was interrupted, or begins anew. Who keeps processes running in earnest, systemd or a container's
restart policy, is played by this program: what was killed is started again at once, a web process or a replica that
was stopped goes on after a while. Anything else has to help itself.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

NAME = "chaos"


def add_options(parser: argparse.ArgumentParser) -> None:
    """What `python -m benchmarks chaos` takes."""
    parser.add_argument("--kills", type=int, default=20, help="faults, one after the other (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of the faults and their moments (%(default)s)")
    parser.add_argument("--topology", action="store_true", help="replicas behind nginx, scheduler and workers apart")


def measure(kills: int = 20, seed: int = 0, topology: bool = False) -> Iterator[dict[str, Any]]:
    """A row a fault, then what all of them came to."""
    from benchmarks.chaos.cases import many_faults

    yield from many_faults(kills, seed, topology=topology)
