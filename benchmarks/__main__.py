"""Runs one benchmark.

    python -m benchmarks                 list the benchmarks
    python -m benchmarks NAME            run one and print a table
    python -m benchmarks NAME --json     ... and one JSON object on the last line
    python -m benchmarks NAME --help     what else it takes

The object is

    {"name": ..., "machine": {...}, "results": [{"case": ..., "ours_s": ..., "theirs_s": ..., "ratio": ...}, ...]}

`ratio` is theirs / ours, so more is better; where there is no other side a result has `value` and `unit`.
A benchmark is a module of this package with a function `measure()` that gives such results, one by one or as a list.
Where it has a function `add_options(parser)`, what they say is given to `measure` by name.
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
    for path in sorted([*FOLDER.glob("*.py"), *FOLDER.glob("*/__init__.py")]):
        module = ast.parse(path.read_text("utf-8"))
        if any(isinstance(node, ast.FunctionDef) and node.name == "measure" for node in module.body):
            name = path.parent.name if path.stem == "__init__" else path.stem
            found[name] = (ast.get_docstring(module) or "").partition("\n")[0]
    return found


def run(name: str, options: dict[str, Any]) -> dict[str, Any]:
    """The result of one benchmark; prints a line a case as soon as it is measured."""
    machine = describe_machine()
    results = []
    for result in import_module(f"benchmarks.{name}").measure(**options):
        facts = "  ".join(f"{key} {value}" for key, value in result.items() if key != "case")
        print(f"{result['case']}: {facts}", flush=True)
        results.append(result)
    return {"name": name, "machine": machine, "results": results}


def main(arguments: list[str]) -> int:
    names = available()
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Runs one benchmark.")
    parser.add_argument("name", nargs="?", choices=names, metavar="NAME", help="without it, the names are listed")
    parser.add_argument("--json", action="store_true", help="print one JSON object on the last line")
    chosen = next((word for word in arguments if word in names), None)
    if chosen is not None and hasattr(module := import_module(f"benchmarks.{chosen}"), "add_options"):
        module.add_options(parser)
    options = vars(parser.parse_args(arguments))
    name, as_json = options.pop("name"), options.pop("json")
    if name is None:
        print(*(f"{name:20} {title}" for name, title in names.items()), sep="\n")
        return 0
    outcome = run(name, options)
    if as_json:
        print(json.dumps(outcome, ensure_ascii=False), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
