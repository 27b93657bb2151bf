"""What was measured of each piece on each base, as it ships: with the command, the machine and the day."""

from __future__ import annotations

import ast
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..experiments.measuring.machine import describe_machine
from ..experiments.measuring.precomputed import rounded
from ..experiments.specification import Unwatched
from .running import ProgramRun, run_program
from .specification import WAYS, Difference, Piece, Way

FOLDER = Path(__file__).parent / "measured"


@dataclass(frozen=True)
class MeasuredPiece:
    """Both programs of a piece, run elsewhere.

    Attributes:
        piece: Its name.
        base: On which.
        command: What to type to measure it again.
        machine: Where it was measured, and with which versions.
        date: When, as "YYYY-MM-DD".
        programs: Fingerprint of both programs as they were.
        runs: What they came to, by way.
    """

    piece: str
    base: str
    command: str
    machine: dict[str, Any]
    date: str
    programs: str
    runs: dict[Way, ProgramRun]


def load_measured(piece: Piece, base: str) -> MeasuredPiece:
    """What ships for a piece on a base."""
    return parse(json.loads((FOLDER / base / f"{piece.name}.json").read_text("utf-8")))


def unmet(piece: Piece, base: str, runs: dict[Way, ProgramRun]) -> list[Difference]:
    """What the piece's text says of its two programs, and these runs do not show."""
    broken, mended = runs["broken"].numbers, runs["mended"].numbers
    return [
        difference
        for difference in piece.differences_on(base)
        if not difference.holds(broken[difference.number], mended[difference.number])
    ]


def fingerprint(piece: Piece, base: str) -> str:
    """Changes where one of the two programs computes something else; comments do not count."""
    trees = [ast.dump(ast.parse(piece.program(base, way))) for way in WAYS]
    return hashlib.sha256("\n".join(trees).encode()).hexdigest()[:16]


def measure_piece(piece: Piece, base: str) -> dict[str, Any]:
    """Runs both programs in this process; returns what `parse` takes: plain values."""
    runs = {way: run_program(piece, base, way, Unwatched()) for way in WAYS}
    return {
        "piece": piece.name,
        "base": base,
        "command": f"python -m tlcore.museum measure {piece.name} --base {base}",
        "machine": describe_machine(),
        "date": datetime.now(UTC).date().isoformat(),
        "programs": fingerprint(piece, base),
        "runs": {
            way: {"curve": list(run.curve), "numbers": run.numbers, "seconds": run.seconds} for way, run in runs.items()
        },
    }


def as_text(content: dict[str, Any]) -> str:
    """What `measure_piece` returned as JSON with one line a program, which versions of the file can be compared by."""
    runs = ",\n".join(f"  {json.dumps(way)}: {json.dumps(rounded(run))}" for way, run in content["runs"].items())
    head = json.dumps({**content, "runs": {}}, indent=1)
    return head.replace('"runs": {}', f'"runs": {{\n{runs}\n }}') + "\n"


def parse(content: dict[str, Any]) -> MeasuredPiece:
    """What `measure_piece` returned, as an object."""
    runs = {way: content["runs"][way] for way in WAYS}
    parsed = {way: ProgramRun(tuple(run["curve"]), run["numbers"], run["seconds"]) for way, run in runs.items()}
    facts = {name: content[name] for name in ("piece", "base", "command", "machine", "date", "programs")}
    return MeasuredPiece(runs=parsed, **facts)
