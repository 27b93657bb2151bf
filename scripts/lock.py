"""Renews the locked sets of packages that `scripts/lab.py` installs.

    python -m scripts.lock              after a change of requirements*.txt; what still fits keeps its version
    python -m scripts.lock --upgrade    the newest version of everything within the ranges
    python -m scripts.lock --check      write nothing; fail where a lock does not fit the ranges

`requirements.txt`, `requirements-store.txt` (the app where it has a store, `TLCORE_STORE`) and `requirements-dev.txt`
say which versions may be used, the `.lock` of each which one is: for Python 3.11 to 3.13 on Linux, macOS and Windows,
each with its checksums.
After an upgrade, run the tests. `scripts/check --newest` tries the newest versions without changing a lock.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).resolve().parent.parent
LOCKS = {  # the first holds what is in the others
    "requirements-dev.txt": "requirements-dev.lock",
    "requirements.txt": "requirements.lock",
    "requirements-store.txt": "requirements-store.lock",
}
OLDEST_PYTHON = "3.11"
_HASH = "--hash=sha256:"


def compile_locks(root: Path, *, upgrade: bool = False) -> None:
    """Writes all locks; a package has the same version in each.

    Raises:
        subprocess.CalledProcessError: No set of versions fits, or there is no network; the lines above say why.
    """
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
    command += ["--python-version", OLDEST_PYTHON, "--no-emit-index-url", "--no-annotate"]
    command += ["--custom-compile-command", "python -m scripts.lock"]
    everything, *others = LOCKS
    upgrading = ["--upgrade"] if upgrade else []
    subprocess.run([*command, *upgrading, everything, "-o", LOCKS[everything]], cwd=root, check=True)
    following = ["--upgrade", "-c", LOCKS[everything]]  # as far as the first lock went, and no further
    for part in others:
        subprocess.run([*command, *following, part, "-o", LOCKS[part]], cwd=root, check=True)


def ranges(path: Path) -> list[Requirement]:
    """The requirements of a file and of those that it includes by `-r`."""
    found = []
    for line in path.read_text("utf-8").splitlines():
        text = line.partition("  #")[0].strip()
        if text.startswith("-r "):
            found += ranges(path.parent / text.removeprefix("-r ").strip())
        elif text and not text.startswith("#"):
            found.append(Requirement(text))
    return found


def pins(path: Path) -> list[Requirement]:
    """The packages of a lock, `name==version` each, some with a condition."""
    return [Requirement(entry.partition(_HASH)[0].strip()) for entry in _entries(path)]


def locked_versions(path: Path) -> dict[str, set[str]]:
    """Versions by package; more than one where they depend on the version of Python."""
    versions: dict[str, set[str]] = {}
    for pin in pins(path):
        versions.setdefault(canonicalize_name(pin.name), set()).add(str(pin.specifier).removeprefix("=="))
    return versions


def _entries(path: Path) -> Iterator[str]:
    """The entries of a lock, each with its checksums, on one line."""
    text = path.read_text("utf-8").replace("\\\n", " ")
    return (line for line in text.splitlines() if line.strip() and not line.startswith("#"))


def check(root: Path) -> list[str]:
    """One line for each thing in which a lock does not fit what it was made from; needs no network."""
    faults = []
    for requirements, lock in LOCKS.items():
        versions = locked_versions(root / lock)
        for wanted in ranges(root / requirements):
            found = versions.get(canonicalize_name(wanted.name), set())
            if not found or not all(wanted.specifier.contains(version) for version in found):
                faults.append(f"{lock} has {wanted.name} {' and '.join(sorted(found)) or 'not at all'}: not {wanted}")
        faults += [f"{lock} has no checksum for {entry}" for entry in _entries(root / lock) if _HASH not in entry]
    everything, *others = (locked_versions(root / lock) for lock in LOCKS.values())
    differing = {name for part in others for name, found in part.items() if found != everything.get(name)}
    faults += [f"The locks differ in {name}" for name in sorted(differing)]
    return [*faults, "run: python -m scripts.lock"] if faults else []


def main(arguments: list[str] | None = None, root: Path = REPOSITORY) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions within the ranges")
    parser.add_argument("--check", action="store_true", help="write nothing, fail where a lock is stale")
    options = parser.parse_args(arguments)
    if not options.check:
        try:
            compile_locks(root, upgrade=options.upgrade)
        except subprocess.CalledProcessError as error:
            return error.returncode
    faults = check(root)
    print(*faults, sep="\n", end="\n" if faults else "", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
