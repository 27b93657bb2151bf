"""Everything that is checked without running the program: `python -m scripts.check`.

Lint, format, types, translations, locks, documentation, and the part in TypeScript. All of them run, so that one look
shows everything that is wrong. `--newest` runs the tests with the newest versions of all packages instead (see
`scripts/newest.py`), and `--audit` asks whether a locked one has a known weakness (see `scripts/audit.py`).
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from scripts import audit, newest

REPOSITORY = Path(__file__).resolve().parent.parent
CHECKS = {
    "lint": ("ruff", "check", "."),
    "format": ("ruff", "format", "--check", "."),
    "types": ("mypy", "--num-workers", "auto"),
    "translations": ("scripts.translations", "check"),
    "locks": ("scripts.lock", "--check"),
    "documentation": ("scripts.docs",),
    "frontend": ("scripts.frontend", "check"),
}


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--newest"]:
        return newest.main(arguments[1:])
    if arguments[:1] == ["--audit"]:
        return audit.main(arguments[1:])
    if arguments:
        print(__doc__)
        return 2
    failed = []
    for name, (module, *arguments) in CHECKS.items():
        print(f"== {name}", flush=True)
        if subprocess.run([sys.executable, "-m", module, *arguments], cwd=REPOSITORY).returncode:
            failed.append(name)
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
