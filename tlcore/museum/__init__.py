"""The bug museum: real mistakes of transfer learning, each a short program that runs and is wrong.

Imports no tensorflow; `running.run_program` does.
"""

from .listing import changes, guilty_lines, lines_to_point_at
from .measured import MeasuredPiece, load_measured
from .registry import get_piece, list_pieces
from .running import ProgramRun
from .specification import BASES, WAYS, Difference, Number, Piece, Report, Symptom, Way
from .symptoms import SYMPTOMS

__all__ = [
    "BASES",
    "SYMPTOMS",
    "WAYS",
    "Difference",
    "MeasuredPiece",
    "Number",
    "Piece",
    "ProgramRun",
    "Report",
    "Symptom",
    "Way",
    "changes",
    "get_piece",
    "guilty_lines",
    "lines_to_point_at",
    "list_pieces",
    "load_measured",
]
