"""What a piece was about: why the line is wrong, what mends it, both programs compared, where people have met it."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.focus import arrived, await_parts
from pages.ui.common.i18n import _
from pages.ui.museum.hall import open_piece
from pages.ui.museum.kept import is_revealed, look_up
from pages.ui.museum.questions import code_of
from pages.ui.museum.runs import (
    VALIDATION,
    compared_curves,
    draw_curves,
    last_of,
    numbers_table,
    origin,
    run_button,
    run_of,
    watch_run,
)
from pages.ui.museum.state import SOLUTION
from tlcore.museum import Piece, changes, get_piece, list_pieces


def solution(piece: Piece) -> None:
    """Once symptom and line are found, or the solution is asked for."""
    if not is_revealed(piece):
        st.button(_("Show me"), icon=":material/visibility:", key="museum.look_up", on_click=_show, args=(piece,))
        return
    with st.container(key=SOLUTION):
        arrived(SOLUTION)
        st.subheader(_(piece.mistake), anchor=False)
        st.markdown(_(piece.explanation))
        st.markdown(":material/build: **" + _("Mended") + f".** {_(piece.mending)}")
        st.code(changes(code_of(piece, "broken"), code_of(piece, "mended")), language=None, wrap_lines=True)
        run_button(piece, "mended")
        watch_run(piece, "mended")
        origin(piece, "mended")
        _compared(piece)
        _report(piece)
        _next(piece)


def _show(piece: Piece) -> None:
    """Callback."""
    look_up(piece)
    await_parts(SOLUTION)


def _compared(piece: Piece) -> None:
    """Curves and numbers of both programs."""
    sentence = _("In validation the broken program ends at {broken}, the mended one at {mended}.").format(
        broken=last_of(run_of(piece, "broken").curve, VALIDATION),
        mended=last_of(run_of(piece, "mended").curve, VALIDATION),
    )
    draw_curves(compared_curves(piece), sentence, key="museum-compared")
    numbers_table(piece, {"broken": _("broken program"), "mended": _("mended program")})


def _report(piece: Piece) -> None:
    """Where people have met it in public."""
    st.markdown(
        ":material/forum: **"
        + _("Met in public")
        + f".** {_(piece.report.says)} [{piece.report.name}]({piece.report.address})"
    )


def _next(piece: Piece) -> None:
    names = list_pieces()
    following = names[(names.index(piece.name) + 1) % len(names)]
    st.button(
        _("Next piece: {title}").format(title=_(get_piece(following).title)),
        icon=":material/arrow_forward:",
        key="museum.next",
        on_click=open_piece,
        args=(following,),
    )
