"""Everything that is checked without running the program: `python -m scripts.check`.

Lint, format, types and translations. All of them run, so that one look shows everything that is wrong.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
CHECKS = {
    "lint": ("ruff", "check", "."),
    "format": ("ruff", "format", "--check", "."),
    "types": ("mypy",),
    "translations": ("scripts.translations", "check"),
}


def main() -> int:
    failed = []
    for name, (module, *arguments) in CHECKS.items():
        print(f"== {name}", flush=True)
        if subprocess.run([sys.executable, "-m", module, *arguments], cwd=REPOSITORY).returncode:
            failed.append(name)
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
