"""What the museum remembers: the piece on the screen, the base, and for each piece the answers and the runs."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator

from pages.ui.common.links import Link, one_of
from pages.ui.common.state import Key
from tlcore.architectures import PROPOSED_BASE
from tlcore.museum import Piece, Way, list_pieces

PIECE: Key[str] = Key("museum.piece", "")  # "": all of them
BASE: Key[str] = Key("museum.base", PROPOSED_BASE)
SHOWN, LINE, SOLUTION = "museum-shown", "museum-line", "museum-solution"  # parts that a step leads to
KEYS: dict[str, Key[Any]] = {"piece": PIECE, "base": BASE}


def _piece_name(value: str) -> str:
    return one_of(list_pieces(), value) if value else value


class MuseumLink(Link):
    """/museum?piece=bgr&base=VGG16Slim"""

    piece: Annotated[str, AfterValidator(_piece_name)] = PIECE.default
    base: Literal["EfficientNetLite0", "VGG16Slim"] = "EfficientNetLite0"


def symptom_key(piece: Piece) -> Key[str | None]:
    """Which symptom was named last."""
    return Key(f"museum.{piece.name}.symptom", None)


def line_key(piece: Piece) -> Key[int | None]:
    """Which line of the broken program was pointed at last, from 1."""
    return Key(f"museum.{piece.name}.line", None)


def taken_up_key(piece: Piece) -> Key[bool]:
    """Whether the answers that this browser gave before have been looked for."""
    return Key(f"museum.{piece.name}.taken_up", False)


def run_key(piece: Piece, base: str, way: Way) -> Key[str | None]:
    """The job that runs one of the two programs."""
    return Key(f"museum.{piece.name}.{base}.{way}", None)
