"""What strikes a lab, and what passes again by itself."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Literal

import psutil

if TYPE_CHECKING:
    from benchmarks.chaos.labs import Lab


Kind = Literal["kill", "stop", "full disk", "no disk"]
Part = Literal["worker", "scheduler", "keeper", "web"]  # the keeper is what keeps workers running
PARTS: tuple[Part, ...] = ("worker", "scheduler", "keeper", "web")
#: Seconds after which a stopped web process or keeper goes on, and a disk has room again, or is there again.
PASSES_AFTER_S = 5.0
_FULL = 4096  # no file grows beyond so many bytes: the system itself refuses it, as on a full disk


@dataclass(frozen=True)
class Fault:
    """One of them.

    Attributes:
        kind: "kill" (SIGKILL), "stop" (SIGSTOP), "full disk", "no disk" (the home is not there).
        part: What is struck; None for the disk.
        moment: When, as a share of the training's usual length, in [0, 1).
    """

    kind: Kind
    part: Part | None
    moment: float

    @property
    def name(self) -> str:
        """In words."""
        return self.kind if self.part is None else f"{self.kind} {self.part}"


def faults(count: int, seed: int) -> list[Fault]:
    """So many, all sorts of them alike often, in a random order and at random moments; the same for a seed."""
    sorts: list[tuple[Kind, Part | None]] = [(kind, part) for part in PARTS for kind in ("kill", "stop")]
    sorts += [("full disk", None), ("no disk", None)]
    random = Random(seed)
    chosen = [sorts[number % len(sorts)] for number in range(count)]
    random.shuffle(chosen)
    return [Fault(kind, part, random.random()) for kind, part in chosen]


def strike(fault: Fault, lab: Lab, random: Random) -> Callable[[], None]:
    """Does it; returns what ends it, where it is one that passes (see `Lab.passes`)."""
    if fault.kind == "full disk":
        return _full_disk(lab)
    if fault.kind == "no disk":
        return _no_disk(lab)
    running = lab.processes(fault.part or "worker")
    process = random.choice(running)
    if fault.kind == "kill":
        process.kill()
        with suppress(psutil.TimeoutExpired):
            process.wait(5)
        lab.start_again()
        return lambda: None
    process.suspend()
    return process.resume


def _full_disk(lab: Lab) -> Callable[[], None]:
    limited: list[tuple[psutil.Process, tuple[int, int]]] = []
    for process in lab.everything():
        with suppress(psutil.NoSuchProcess):
            before = process.rlimit(psutil.RLIMIT_FSIZE)
            process.rlimit(psutil.RLIMIT_FSIZE, (_FULL, before[1]))
            limited.append((process, before))

    def free() -> None:
        usual = limited[0][1]
        for process in lab.everything():  # also those that were started meanwhile, with the limit of their parents
            with suppress(psutil.NoSuchProcess):
                process.rlimit(psutil.RLIMIT_FSIZE, usual)

    return free


def _no_disk(lab: Lab) -> Callable[[], None]:
    disk = lab.home.readlink()
    lab.home.unlink()
    lab.home.symlink_to(disk.with_name("unmounted"))

    def mount() -> None:
        lab.home.unlink()
        lab.home.symlink_to(disk)

    return mount
