"""Recipes of CONTRIBUTING.md as steps to follow: each block of code has a line above it that says where it goes."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"^(?P<line>[^\n]+):\n\n```(?P<language>\w+)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
_NEW = re.compile(r"New file `(?P<path>[^`]+)`$")
_AFTER = re.compile(r"In `(?P<path>[^`]+)`, after `(?P<line>[^`]+)`$")


@dataclass(frozen=True)
class Step:
    """One block of a recipe.

    Attributes:
        line: The line above it, without its colon.
        language: After the three back quotes; "sh" for commands.
        code: The block.
    """

    line: str
    language: str
    code: str

    @property
    def new_file(self) -> Path | None:
        """What it makes, in the repository; None where it makes no file."""
        found = _NEW.search(self.line)
        return Path(found["path"]) if found else None

    def follow(self, tree: Path) -> None:
        """Does what the line says to a copy of the repository."""
        if self.new_file is not None:
            path = tree / self.new_file
            assert not path.exists(), f"{path} is there already"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.code, "utf-8")
        elif found := _AFTER.search(self.line):
            added = "".join(line.removeprefix("+") for line in self.code.splitlines(keepends=True))
            insert_after(tree / found["path"], found["line"], added)
        else:
            assert self.language == "sh", f"nobody knows what to do with this: {self.line}"
            for command in self.code.splitlines():
                run(shlex.split(command), tree)


def recipes(text: str) -> dict[str, list[Step]]:
    """Title -> steps of each recipe of CONTRIBUTING.md."""
    chapter = text.partition("\n## Recipes\n")[2].partition("\n## ")[0]
    _, *parts = re.split(r"^### ", chapter, flags=re.MULTILINE)
    return {
        part.partition("\n")[0]: [
            Step(found["line"], found["language"], found["code"]) for found in _BLOCK.finditer(part)
        ]
        for part in parts
    }


def insert_after(path: Path, line: str, code: str) -> None:
    """Puts `code` below the only line of a file that is `line`, or that begins with it where it ends in "…"."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    fits = (lambda text: text.startswith(line[:-1])) if line.endswith("…") else (lambda text: text == line)
    (number,) = [number for number, text in enumerate(lines) if fits(text.strip())]
    path.write_text("".join([*lines[: number + 1], code, *lines[number + 1 :]]), "utf-8")


_RUN_EACH = """
import contextlib, io, json, sys
printed = {}
for title, code in json.load(sys.stdin).items():
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(compile(code, title, "exec"), {"__name__": "__main__"})
    printed[title] = said.getvalue().strip()
print(json.dumps(printed))
"""


def run_each(codes: dict[str, str], tree: Path) -> dict[str, str]:
    """Runs pieces of code by title in one new process, each with names of its own; returns what each printed."""
    printed: dict[str, str] = json.loads(run(["python", "-c", _RUN_EACH], tree, json.dumps(codes)).splitlines()[-1])
    return printed


def run(command: list[str], tree: Path, said: str = "") -> str:
    """Runs a command of a recipe in the tree, with the Python of the tests; returns what it printed."""
    assert command[0] == "python", "recipes need nothing but Python"
    environment = {**os.environ, "TLCORE_SCHEDULER": "tcp://127.0.0.1:9"}  # no workers are started for a page
    done = subprocess.run(
        [sys.executable, *command[1:]],
        cwd=tree,
        env=environment,
        input=said,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
