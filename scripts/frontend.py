"""Builds and checks what runs in the visitor's browser: `frontend/`, in TypeScript.

    python -m scripts.frontend build    puts it into static/frontend, unless that was done; the app serves it from there
    python -m scripts.frontend check    types, lint, format and tests

Needs Node.js 20 or newer; where there is none, it is taken from PyPI for the moment and dropped afterwards. Without a
connection to a registry of npm nothing is built: the app works, and sends frames to its server instead.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
SOURCE = REPOSITORY / "frontend"
TARGET = REPOSITORY / "static" / "frontend"
NODE_LOCK = SOURCE / "node.lock"
OLDEST_NODE = 20
#: What is built depends on these; tests and settings of the checks do not count.
BUILT_FROM = ("package.json", "package-lock.json", "build.mjs", "src/*.ts")
#: Browsers keep a file for a tenth of its age where a server says nothing else; what lies here never changes.
LONG_AGO_S = 1577836800.0  # 2020
QUICK = (
    "--no-audit",
    "--no-fund",
    "--ignore-scripts",
    "--fetch-retries=1",
    "--fetch-retry-mintimeout=1000",
    "--fetch-timeout=30000",
)
WITHOUT = {
    "build": "The app works without it: frames of a camera go to its server instead of staying in the browser.",
    "check": "Not checked: the lines above say why. In CI it has to be.",
}


class FrontendError(Exception):
    """It could not be built or checked here; the message says why."""


class NoToolsError(FrontendError):
    """Node.js or the packages cannot be had here."""


def digest(source: Path = SOURCE) -> str:
    """Changes with what is built: the name of its folder."""
    found = hashlib.sha256()
    for pattern in BUILT_FROM:
        for path in sorted(source.glob(pattern)):
            found.update(f"{path.relative_to(source).as_posix()}\0".encode() + path.read_bytes())
    return found.hexdigest()[:16]


def build(target: Path = TARGET) -> Path:
    """Builds into `target/<digest>` unless it is there; what was built before from other sources is deleted.

    Raises:
        FrontendError: No Node.js, or no connection.
    """
    folder = target / digest()
    if folder.is_dir():
        return folder
    print("Building what runs in the browser", flush=True)
    with workshop("--omit=dev") as tools:
        built = tools.place / "built"
        tools.run(tools.node, "build.mjs", str(built))
        for path in built.rglob("*"):
            os.utime(path, (LONG_AGO_S, LONG_AGO_S))
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        shutil.move(built, folder)  # last: a folder of this name is whole
    return folder


def check() -> None:
    """Types, lint, format, tests.

    Raises:
        FrontendError: Something is wrong, or it could not be looked at.
    """
    with workshop() as tools:
        tools.npm("run", "--silent", "check")


@dataclass(frozen=True)
class Tools:
    """Node.js with npm, and a copy of the sources with their packages."""

    node: str
    npm_command: tuple[str, ...]
    place: Path

    def npm(self, *arguments: str) -> None:
        self.run(*self.npm_command, *arguments)

    def run(self, *command: str) -> None:
        """Runs a command in the copy.

        Raises:
            FrontendError: It failed; what it said has been printed.
        """
        path = os.pathsep.join([str(Path(self.node).parent), os.environ.get("PATH", "")])
        run([*command], self.place, {**os.environ, "PATH": path})


@contextmanager
def workshop(*options: str) -> Iterator[Tools]:
    """The tools; all that was brought for them is deleted at the end.

    Args:
        options: Of `npm ci`.

    Raises:
        NoToolsError: No Node.js, or no connection.
    """
    with tempfile.TemporaryDirectory(prefix="tlcore-frontend-") as name:
        try:
            node, npm = find_node() or bring_node(Path(name) / "node")
            tools = Tools(node, npm, Path(name) / "frontend")
            shutil.copytree(SOURCE, tools.place, ignore=shutil.ignore_patterns("node_modules"))
            tools.npm("ci", "--loglevel=error", *QUICK, *options)
        except FrontendError as error:
            raise NoToolsError(str(error)) from error
        yield tools


def find_node() -> tuple[str, tuple[str, ...]] | None:
    """Node.js and npm of this machine, if they are there and new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    version = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    number = version.strip().removeprefix("v").split(".")[0]
    return (node, (npm,)) if number.isdecimal() and int(number) >= OLDEST_NODE else None


def bring_node(folder: Path) -> tuple[str, tuple[str, ...]]:
    """Node.js and npm from PyPI, compared with their checksum.

    Raises:
        FrontendError: They cannot be had.
    """
    print("Taking Node.js from PyPI for the moment", flush=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    run([*pip, "--retries", "1", "--timeout", "30", "--target", str(folder), "-r", str(NODE_LOCK)], REPOSITORY)
    node = next(path for name in ("node", "node.exe") for path in folder.rglob(name) if path.is_file())
    npm = next(folder.rglob("npm/bin/npm-cli.js"))
    return str(node), (str(node), str(npm))


def run(command: list[str], place: Path, environment: dict[str, str] | None = None) -> None:
    """Runs a command.

    Raises:
        FrontendError: It failed; what it said has been printed.
    """
    try:
        done = subprocess.run(command, cwd=place, env=environment)
    except OSError as error:
        raise FrontendError(str(error)) from error
    if done.returncode:
        raise FrontendError(f"{Path(command[0]).name} ended with {done.returncode}.")


def main(arguments: list[str]) -> int:
    if arguments not in (["build"], ["check"]):
        print(__doc__)
        return 2
    try:
        build() if arguments == ["build"] else check()
    except NoToolsError as error:
        print(f"{error} {WITHOUT[arguments[0]]}", file=sys.stderr)
        return 1 if arguments == ["build"] or os.environ.get("CI") else 0
    except FrontendError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
