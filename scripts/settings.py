"""Writes the table of all `TLCORE_*` settings, as `tlcore.settings` has them, into the document that wants it.

    python -m scripts.settings

It stands between the lines `<!-- settings -->` and `<!-- /settings -->`; a test fails where it is behind.
"""

from __future__ import annotations

import re
from pathlib import Path

from tlcore.settings import Settings

DOCUMENT = Path(__file__).resolve().parent.parent / "deploy" / "README.md"
_PLACE = re.compile(r"(<!-- settings -->\n).*?(<!-- /settings -->)", re.DOTALL)
_UNITS = ((1024**3, "GB"), (1024**2, "MB"))


def table() -> str:
    """Name, default, default with `TLCORE_HOSTED=1` where that is another, and what it is; a row each."""
    rows = ["| variable | default | hosted | what it is |", "|---|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default, other = (
            _worded(name, field.get_default(call_default_factory=True, validated_data={"hosted": hosted}))
            for hosted in (False, True)
        )
        changed = other if other != default else ""
        rows.append(f"| `TLCORE_{name.upper()}` | {default} | {changed} | {field.description} |")
    return "\n".join(rows)


def filled(text: str) -> str:
    """The document with the table as it is now."""
    return _PLACE.sub(lambda found: f"{found[1]}{table()}\n{found[2]}", text)


def _worded(name: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, Path):
        return "`~/.tlcore`"
    if isinstance(value, int) and name.endswith("_bytes"):
        size, unit = next(unit for unit in _UNITS if value >= unit[0])
        return f"{value} ({value // size} {unit})"
    return f"{value:g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    DOCUMENT.write_text(filled(DOCUMENT.read_text("utf-8")), "utf-8")
