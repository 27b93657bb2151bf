"""What the engine's workers run of the museum: one program of a piece."""

from __future__ import annotations

from ..engine.job import JobStoppedError
from ..experiments.specification import Watcher
from ..features.forward import StoppedError
from .registry import get_piece
from .running import ProgramRun, run_program
from .specification import Way


def run_museum_program(context: Watcher, *, piece: str, base: str, way: Way) -> ProgramRun:
    """Task of the engine: one of the two programs of a piece; tells each epoch as it ends.

    Args:
        context: Of the job.
        piece: Name in the museum; nothing else is run.
        base: One of `BASES`.
        way: Which of the two programs.
    """
    try:
        return run_program(get_piece(piece), base, way, context)
    except StoppedError:
        raise JobStoppedError from None


def museum_task() -> str:
    """Name under which the engine runs it; two people who ask for the same program get one run of it."""
    from ..engine import register_task

    return register_task(run_museum_program, kind="training", shared=True).name
