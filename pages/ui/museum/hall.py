"""All pieces of the museum, what this browser has found of them, and its score."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.focus import await_parts
from pages.ui.common.i18n import _, number
from pages.ui.museum.kept import Answers, answers_to, is_solved, score
from pages.ui.museum.state import PIECE, SHOWN
from tlcore.museum import Piece, get_piece, list_pieces

HALL_CODE = """from tlcore.museum import BASES, get_piece, list_pieces, load_measured

for name in list_pieces():
    for base in BASES:
        runs = load_measured(get_piece(name), base).runs
        print(name, base, runs['broken'].numbers, runs['mended'].numbers)"""
_COLUMNS = 2


def hall() -> str:
    """A card a piece; returns code that prints what was measured of all of them."""
    _score_line()
    pieces = [get_piece(name) for name in list_pieces()]
    for first in range(0, len(pieces), _COLUMNS):
        for place, piece in zip(st.columns(_COLUMNS), pieces[first : first + _COLUMNS], strict=False):
            with place.container(border=True, height="stretch"):
                _card(piece, pieces.index(piece) + 1)
    return HALL_CODE


def _score_line() -> None:
    solved, at_once = score()
    text = _("You have solved {solved} of {total}, {at_once} of them without a wrong answer.")
    st.progress(
        solved / len(list_pieces()),
        text=text.format(solved=number(solved), total=number(len(list_pieces())), at_once=number(at_once)),
    )
    st.caption(
        ":material/lock: "
        + _("Only this browser sees the score, which is kept with your images and runs. Nobody grades it.")
    )


def _card(piece: Piece, place: int) -> None:
    st.button(
        f"**{place}. {_(piece.title)}**",
        key=f"museum.open.{piece.name}",
        icon=_icon(piece),
        type="tertiary",
        on_click=open_piece,
        args=(piece.name,),
    )
    st.caption(_state(piece))
    st.markdown(_(piece.story))


def open_piece(name: str) -> None:
    """Callback: goes to a piece, or back to all with ""."""
    PIECE.set(name)
    await_parts(SHOWN)


def _icon(piece: Piece) -> str:
    answers = answers_to(piece)
    if is_solved(piece):
        return ":material/check_circle:"
    if answers.looked_up:
        return ":material/visibility:"
    return ":material/radio_button_unchecked:" if answers == Answers() else ":material/clock_loader_40:"


def _state(piece: Piece) -> str:
    answers = answers_to(piece)
    if is_solved(piece) or answers.looked_up:
        word = _("solved") if is_solved(piece) else _("looked up")
        return f"{word}: {_(piece.mistake)}"
    return _("not solved yet") if answers == Answers() else _("begun")
