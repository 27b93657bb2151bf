"""Runs one benchmark.

    python -m benchmarks                 list the benchmarks
    python -m benchmarks NAME            run one and print a table
    python -m benchmarks NAME --json     ... and one JSON object on the last line

The object is

    {"name": ..., "machine": {...}, "results": [{"case": ..., "ours_s": ..., "theirs_s": ..., "ratio": ...}, ...]}

`ratio` is theirs / ours, so more is better; where there is no other side a result has `value` and `unit`.
A benchmark is a module of this package with a function `measure()` that gives such results, one by one or as a list.
"""

from __future__ import annotations

import argparse
import ast
import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.machine import describe_machine

FOLDER = Path(__file__).resolve().parent


def available() -> dict[str, str]:
    """Name -> what it measures, of every benchmark; none of them is imported."""
    found = {}
    for path in sorted(FOLDER.glob("*.py")):
        module = ast.parse(path.read_text("utf-8"))
        if any(isinstance(node, ast.FunctionDef) and node.name == "measure" for node in module.body):
            found[path.stem] = (ast.get_docstring(module) or "").partition("\n")[0]
    return found


def run(name: str) -> dict[str, Any]:
    """The result of one benchmark; prints a line a case as soon as it is measured."""
    machine = describe_machine()
    results = []
    for result in import_module(f"benchmarks.{name}").measure():
        facts = "  ".join(f"{key} {value}" for key, value in result.items() if key != "case")
        print(f"{result['case']}: {facts}", flush=True)
        results.append(result)
    return {"name": name, "machine": machine, "results": results}


def main(arguments: list[str] | None = None) -> int:
    names = available()
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Runs one benchmark.")
    parser.add_argument("name", nargs="?", choices=names, metavar="NAME", help="without it, the names are listed")
    parser.add_argument("--json", action="store_true", help="print one JSON object on the last line")
    options = parser.parse_args(arguments)
    if options.name is None:
        print(*(f"{name:20} {title}" for name, title in names.items()), sep="\n")
        return 0
    outcome = run(options.name)
    if options.json:
        print(json.dumps(outcome, ensure_ascii=False), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
