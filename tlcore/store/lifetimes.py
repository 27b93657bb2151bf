"""How long what is kept stays, and by which files it is known."""

from __future__ import annotations

DESCRIPTION = "item.json"  # of an item: its name, its details, and that it is whole
UNFINISHED = "unfinished-"
UNFINISHED_EXPIRY_S = 3600.0
CLASS, CLASS_LIFETIME_S = "class.json", 24 * 3600.0  # of a classroom, see `tlcore.classroom`: whether used or not
INTERRUPTED = "unfinished"
INTERRUPTED_STAYS = 3  # times as long as other things: whoever was interrupted comes back in the next lesson


def lifetime_of(kind: str, expiry_s: float) -> float:
    """How long an item of a kind stays that nobody uses, in seconds."""
    return expiry_s * (INTERRUPTED_STAYS if kind == INTERRUPTED else 1)
