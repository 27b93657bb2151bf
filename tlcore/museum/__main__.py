"""Runs the museum's programs from the command line.

    python -m tlcore.museum list
    python -m tlcore.museum measure PIECE ... [--base BASE ...] [--out FOLDER]

`measure` runs the broken and the mended program of each piece, on both bases unless told otherwise, prints the numbers
of both and whether they differ as the piece's text says; it ends with 1 where they do not. PIECE can be "all". With
`--out tlcore/museum/measured` what was measured is put where it ships with the package, as BASE/PIECE.json.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..errors import TransferLearningError
from ..files import write_atomically
from .measured import as_text, measure_piece, parse, unmet
from .registry import get_piece, list_pieces
from .specification import BASES, WAYS


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tlcore.museum", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list")
    measuring = commands.add_parser("measure")
    measuring.add_argument("names", nargs="+", metavar="PIECE")
    measuring.add_argument("--base", nargs="+", choices=BASES, default=BASES)
    measuring.add_argument("--out", type=Path)
    options = parser.parse_args(arguments)
    if options.command == "list":
        for name in list_pieces():
            print(f"{name:26} {get_piece(name).mistake}")
        return 0
    names = list_pieces() if options.names == ["all"] else options.names
    try:
        pieces = [get_piece(name) for name in names]  # all, before any runs
    except TransferLearningError as error:
        print(error, file=sys.stderr)
        return 1
    as_told = [_measure(piece.name, base, options.out) for base in options.base for piece in pieces]
    print(f"{sum(as_told)} of {len(as_told)} differ as the museum says")
    return 0 if all(as_told) else 1


def _measure(name: str, base: str, out: Path | None) -> bool:
    """Measures one piece on one base, tells it, keeps it; whether it is as its text says."""
    piece = get_piece(name)
    content = measure_piece(piece, base)
    if out is not None:
        path = out / base / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, as_text(content))
    runs = parse(content).runs
    print(f"{name}, {base}: {sum(run.seconds for run in runs.values()):.1f} s")
    for number in piece.numbers:
        shown = "  ".join(f"{way} {runs[way].numbers[number.name]:.4g}" for way in WAYS)
        print(f"  {number.name:18} {shown}")
    missed = unmet(piece, base, runs)
    for difference in missed:
        print(f"  not as told: {difference.number} should be {difference.relation} by {difference.by}")
    sys.stdout.flush()
    return not missed


if __name__ == "__main__":
    sys.exit(main())
