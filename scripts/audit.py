"""Looks whether a locked package has a weakness that is publicly known: `python -m scripts.audit [--required]`.

It asks the list of OSV (https://osv.dev) by `pip-audit`, for the exact versions of `requirements-dev.lock`, which holds
what is in the other locks; nothing of it is installed. So it needs the network: where there is none it says so and does
not fail, but for `--required`. `scripts/check --audit` is the same.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

from scripts.lock import LOCKS

REPOSITORY = Path(__file__).resolve().parent.parent
TOOL = "pip-audit>=2.9,<3"
ADVISORY = "https://api.osv.dev/v1/vulns/OSV-2020-111"  # any one: if it is there, the list is
_PATIENCE_S = 10


def command() -> list[str]:
    """What is run: the tool in an environment of its own, which is thrown away."""
    lock = next(iter(LOCKS.values()))
    options = ("--vulnerability-service", "osv", "--disable-pip", "--progress-spinner", "off", "--desc", "on")
    return [sys.executable, "-m", "uv", "tool", "run", "--from", TOOL, "pip-audit", "-r", lock, *options]


def unreachable(address: str = ADVISORY) -> str:
    """Why nobody can be asked; "" where somebody can."""
    try:
        with urlopen(address, timeout=_PATIENCE_S):
            return ""
    except OSError as error:
        return str(error)


def main(arguments: list[str], address: str = ADVISORY) -> int:
    if reason := unreachable(address):
        print(f"Skipped: the list of known weaknesses cannot be asked ({reason}).")
        return 1 if "--required" in arguments else 0
    return subprocess.run(command(), cwd=REPOSITORY).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
