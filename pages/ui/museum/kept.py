"""The answers of a browser, kept with its progress: a score for whoever plays, which nobody else sees."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from pages.ui.common.focus import await_parts
from pages.ui.common.lesson.progress import happened, progress
from pages.ui.museum.state import SOLUTION, line_key, symptom_key, taken_up_key
from tlcore.architectures import PROPOSED_BASE
from tlcore.museum import Piece, get_piece, guilty_lines, list_pieces


@dataclass(frozen=True)
class Answers:
    """What a browser has answered to one piece.

    Attributes:
        symptom: Named last.
        line: Pointed at last.
        wrong: Answers that were not right.
        looked_up: The solution was shown before both were found.
    """

    symptom: str | None = None
    line: int | None = None
    wrong: int = 0
    looked_up: bool = False


def answers_to(piece: Piece) -> Answers:
    """What this browser has answered, also before a reload."""
    facts = progress().done.get(f"museum {piece.name}", {})
    symptom, line, wrong = facts.get("symptom"), facts.get("line"), facts.get("wrong")
    return Answers(
        symptom if isinstance(symptom, str) else None,
        line if isinstance(line, int) else None,
        wrong if isinstance(wrong, int) else 0,
        facts.get("looked_up") is True,
    )


def _keep(piece: Piece, answers: Answers) -> None:
    """Keeps them; what has just solved the piece leads to its solution."""
    happened(f"museum {piece.name}", **asdict(answers))
    if is_revealed(piece):
        happened(f"mistake {piece.name}", looked_up=answers.looked_up)
        await_parts(SOLUTION)


def keep_symptom(piece: Piece) -> None:
    """Callback: what has been chosen is an answer; taking it back is none."""
    chosen, before = symptom_key(piece).get(), answers_to(piece)
    if chosen is not None and chosen != before.symptom:
        _keep(piece, replace(before, symptom=chosen, wrong=before.wrong + (chosen != piece.symptom)))


def keep_line(piece: Piece) -> None:
    """Callback: as `keep_symptom`, for the line."""
    chosen, before = line_key(piece).get(), answers_to(piece)
    if chosen is not None and chosen != before.line:
        _keep(piece, replace(before, line=chosen, wrong=before.wrong + (chosen not in guilty(piece))))


def look_up(piece: Piece) -> None:
    """Callback: the solution is shown, which solves nothing."""
    if not is_solved(piece):
        _keep(piece, replace(answers_to(piece), looked_up=True))


def take_up_answers(piece: Piece) -> None:
    """Puts the answers of this browser into a new session."""
    seen = taken_up_key(piece)
    if not seen.get():
        answers = answers_to(piece)
        symptom_key(piece).set(answers.symptom)
        line_key(piece).set(answers.line)
    seen.set(True)


def guilty(piece: Piece) -> list[int]:
    """The lines of the broken program that are right to point at; the same ones on every base."""
    return guilty_lines(piece.program(PROPOSED_BASE, "broken"), piece.guilty)


def is_solved(piece: Piece) -> bool:
    """Whether symptom and line are found, without having looked."""
    answers = answers_to(piece)
    return answers.symptom == piece.symptom and answers.line in guilty(piece) and not answers.looked_up


def is_revealed(piece: Piece) -> bool:
    """Whether the solution is to be seen."""
    return is_solved(piece) or answers_to(piece).looked_up


def score() -> tuple[int, int]:
    """How many pieces this browser has solved, and how many of them without a wrong answer."""
    solved = [piece for piece in map(get_piece, list_pieces()) if is_solved(piece)]
    return len(solved), sum(answers_to(piece).wrong == 0 for piece in solved)
