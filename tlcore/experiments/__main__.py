"""Runs experiments from the command line.

    python -m tlcore.experiments list
    python -m tlcore.experiments run NAME [--out FILE] [--set KEY=VALUE ...]

`run` measures each cell (or recalls it, if this machine has measured it with this code before), prints the takeaway,
and writes the measurements to FILE, in the form in which results ship with the package.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from pydantic import ValidationError

from ..errors import TransferLearningError
from .precomputed import read, run
from .registry import get_experiment, list_experiments
from .specification import ExperimentSettings


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tlcore.experiments", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list")
    running = commands.add_parser("run")
    running.add_argument("name")
    running.add_argument("--out", type=Path)
    running.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", dest="changes")
    options = parser.parse_args(arguments)
    if options.command == "list":
        for name in list_experiments():
            print(f"{name:20} {get_experiment(name).title}")
        return 0
    try:
        return _run(options)
    except (TransferLearningError, ValidationError) as error:
        print(error, file=sys.stderr)
        return 1


def _run(options: argparse.Namespace) -> int:
    settings = changed(get_experiment(options.name).defaults, options.changes)
    content = run(options.name, settings, _command(options), on_cell=_tell)
    out = options.out
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
        print(*map(str, read(out).result().takeaway), sep="\n")
    else:
        print(json.dumps(content["outcomes"]))
    return 0


def changed(settings: ExperimentSettings, changes: list[str]) -> ExperimentSettings:
    """Settings with KEY=VALUE put in, validated."""
    pairs = {key: value for key, _, value in (change.partition("=") for change in changes)}
    return ExperimentSettings(**{**settings.model_dump(), **pairs})


def _command(options: argparse.Namespace) -> str:
    changes = "".join(f" --set {change}" for change in options.changes)
    return f"python -m tlcore.experiments run {options.name}{changes} --out {options.name}.json"


def _tell(done: int, total: int, seconds: float) -> None:
    print(f"{done}/{total}  {seconds:.1f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
