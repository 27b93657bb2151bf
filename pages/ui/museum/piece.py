"""One piece of the museum: what it shows, two questions, how it is mended, and where people have met it."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.controls import choose_one, select_one
from pages.ui.common.focus import arrived, await_parts
from pages.ui.common.i18n import _
from pages.ui.museum.hall import open_piece
from pages.ui.museum.kept import is_revealed, take_up_answers
from pages.ui.museum.questions import code_of, line_question, symptom_question
from pages.ui.museum.runs import (
    VALIDATION,
    draw_curves,
    last_of,
    numbers_table,
    origin,
    own_curves,
    run_button,
    run_of,
    watch_run,
)
from pages.ui.museum.solution import solution
from pages.ui.museum.state import BASE, PIECE, SHOWN
from tlcore.architectures import get_architecture
from tlcore.museum import BASES, Piece, get_piece, list_pieces


def piece_section() -> str:
    """The piece on the screen, from the way back to all of them down to the next one; returns its program."""
    st.button(_("All pieces"), icon=":material/arrow_back:", on_click=open_piece, args=("",), key="museum.all")
    titles = {name: f"{n}. {_(get_piece(name).title)}" for n, name in enumerate(list_pieces(), start=1)}
    select_one(_("Piece"), titles, PIECE, on_change=await_parts, args=(SHOWN,))
    piece = get_piece(PIECE.get())
    take_up_answers(piece)
    with st.container(key=SHOWN):
        arrived(SHOWN)
        st.header(_(piece.title), anchor=False)
        st.markdown(_(piece.story))
        choose_one(_("Base"), {name: _(get_architecture(name).title) for name in BASES}, BASE)
        if BASE.get() in piece.spared:
            st.info(_spared(piece), icon=":material/info:")
        _shown(piece)
    symptom_question(piece)
    line_question(piece)
    solution(piece)
    return code_of(piece, "mended" if is_revealed(piece) else "broken")


def _spared(piece: Piece) -> str:
    """Said of a base on which the mistake does nothing; why, to whoever knows the mistake."""
    if is_revealed(piece):
        return _(piece.spared[BASE.get()])
    return _("On this base the mistake does no harm. Choose the other one to see what it does there.")


def _shown(piece: Piece) -> None:
    """What the broken program shows from outside."""
    run_button(piece, "broken")
    watch_run(piece, "broken")
    origin(piece, "broken")
    rows = run_of(piece, "broken").curve
    sentence = _("It ends with an accuracy of {training} in training and {validation} in validation.").format(
        training=last_of(rows, "accuracy"), validation=last_of(rows, VALIDATION)
    )
    draw_curves(own_curves(rows), sentence, key="museum-broken")
    numbers_table(piece, {"broken": _("broken program")})
