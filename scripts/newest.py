"""Runs the tests with the newest versions of all packages that the ranges allow: `scripts/check --newest [pytest's]`.

The locked set cannot break by itself, but whoever installs the package gets newer versions. This makes an environment
for the occasion, installs the newest ones, runs the tests and every program of the bug museum, whose mistakes hang on
what Keras does, and names what differs from the lock. Needs a network, about 3 GB of disk and the time of the tests. If
they pass, `python -m scripts.lock --upgrade` may follow.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.lab import environment_python
from scripts.lock import LOCKS, pins

REPOSITORY = Path(__file__).resolve().parent.parent
REQUIREMENTS = "requirements-dev.txt"


def install_newest(folder: Path, requirements: Path) -> Path:
    """Makes an environment with the newest versions in `folder`; returns its Python.

    Raises:
        subprocess.CalledProcessError: No set of versions fits, or there is no network; the lines above say why.
    """
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, folder / ".venv"], check=True)
    python = environment_python(folder)
    subprocess.run([*uv, "pip", "install", "--quiet", "--python", python, "-r", requirements], check=True)
    return python


def installed(python: Path) -> dict[str, str]:
    """Version of each package of an environment, by its name."""
    command = [sys.executable, "-m", "uv", "pip", "list", "--quiet", "--format", "json", "--python", python]
    listed = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {canonicalize_name(package["name"]): package["version"] for package in listed}


def differences(locked: list[Requirement], versions: Mapping[str, str]) -> list[str]:
    """One line for each package whose version is not the locked one, or that the lock lacks."""
    known = {canonicalize_name(pin.name): pin for pin in locked if pin.marker is None or pin.marker.evaluate()}
    lines = []
    for name, version in sorted(versions.items()):
        if name not in known:
            lines.append(f"{name} {version} (not in the lock)")
        elif not known[name].specifier.contains(version, prereleases=True):
            lines.append(f"{name} {version} (locked: {str(known[name].specifier).removeprefix('==')})")
    return lines


def main(arguments: list[str]) -> int:
    """Installs, tests, compares; returns pytest's exit status, or the museum's where the tests pass."""
    with TemporaryDirectory(prefix="newest-") as folder:
        try:
            python = install_newest(Path(folder), REPOSITORY / REQUIREMENTS)
        except subprocess.CalledProcessError:
            print("The newest versions within the ranges cannot be installed together; the lines above say why.")
            return 1
        changed = differences(pins(REPOSITORY / LOCKS[REQUIREMENTS]), installed(python))
        print("Newer than the lock:", *(changed or ["nothing"]), sep="\n  ", flush=True)
        status = subprocess.run([python, "-m", "pytest", "-ra", *arguments], cwd=REPOSITORY).returncode
        museum = subprocess.run([python, "-m", "tlcore.museum", "measure", "all"], cwd=REPOSITORY).returncode
    verdict = "The tests pass" if status == 0 else "The tests named above FAIL"
    if museum:
        verdict += ", the programs of the museum named above are NOT AS TOLD"
    print(f"{verdict} with these in place of the locked versions:", *(changed or ["none"]), sep="\n  ")
    return status or museum
