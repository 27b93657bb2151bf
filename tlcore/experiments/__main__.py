"""Runs experiments from the command line.

    python -m tlcore.experiments list
    python -m tlcore.experiments run NAME ... [--out PLACE] [--set KEY=VALUE ...] [--again]

`run` measures each cell (or recalls it, if this machine has measured it with this code before) and prints the takeaway.
NAME can be "all". PLACE is a file, or a folder to put DATASET/NAME.json into; the measurements go there in the form in
which results ship with the package: `run all --out tlcore/experiments/precomputed` makes those of the default dataset
anew, and with `--set dataset=digits` those of another. Each file is written as soon as its experiment ends. A run that
was cut off goes on where it stopped, and a file that holds the same measurements, made by the same code, is left as it
is; `--again` measures them all the same. An experiment that fails is told and does not keep the others from running; so
is one that makes no sense on the chosen dataset.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from pydantic import ValidationError

from ..errors import TransferLearningError
from ..files import write_atomically
from .measuring.precomputed import as_text, file_of, is_current, parse, run
from .registry import get_experiment, list_experiments
from .specification import ExperimentSettings


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tlcore.experiments", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list")
    running = commands.add_parser("run")
    running.add_argument("names", nargs="+", metavar="NAME")
    running.add_argument("--out", type=Path)
    running.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", dest="changes")
    running.add_argument("--again", action="store_true")
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
    names = list_experiments() if options.names == ["all"] else options.names
    chosen = {name: changed(get_experiment(name).defaults, options.changes) for name in names}  # all, before any runs
    failed, start = [], time.perf_counter()
    for number, (name, settings) in enumerate(chosen.items(), start=1):
        print(f"[{number}/{len(chosen)}] {name}", flush=True)
        try:
            _run_one(name, settings, options)
        except TransferLearningError as error:
            print(error, file=sys.stderr, flush=True)
            failed.append(name)
    print(f"{len(chosen) - len(failed)} of {len(chosen)} experiments in {time.perf_counter() - start:.0f} s")
    if failed:
        print("failed:", *failed, file=sys.stderr)
    return 1 if failed else 0


def _run_one(name: str, settings: ExperimentSettings, options: argparse.Namespace) -> None:
    spec, out = get_experiment(name), options.out
    if settings.stored is None and settings.dataset in spec.excluded:
        print(f"  not measured on {settings.dataset}: {spec.excluded[settings.dataset]}", flush=True)
        return
    path = out / file_of(spec, settings.dataset) if out is not None and out.suffix != ".json" else out
    if path is not None and not options.again and is_current(path, name, settings):
        print(f"  measured before, with these settings and this code: {path}", flush=True)
        return
    content = run(name, settings, _command(name, options.changes), again=options.again, on_cell=_tell)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, as_text(content))
    result = parse(content).result()
    print(f"  {content['seconds']:.0f} s, {result.verdict}", *map(str, result.takeaway), sep="\n  ", flush=True)


def changed(settings: ExperimentSettings, changes: list[str]) -> ExperimentSettings:
    """Settings with KEY=VALUE put in, validated; another base comes with its own weights."""
    pairs = {key: value for key, _, value in (change.partition("=") for change in changes)}
    kept = settings.model_dump(exclude={"weights"} if "base" in pairs else set())
    return ExperimentSettings(**{**kept, **pairs})


def _command(name: str, changes: list[str]) -> str:
    settings = "".join(f" --set {change}" for change in changes)
    return f"python -m tlcore.experiments run {name}{settings} --out {name}.json"


def _tell(done: int, total: int, seconds: float) -> None:
    print(f"  {done}/{total}  {seconds:.1f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
