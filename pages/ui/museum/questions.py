"""The two questions to each piece: what is the symptom, and which line is guilty."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.i18n import _, language
from pages.ui.museum.kept import guilty, keep_line, keep_symptom
from pages.ui.museum.state import BASE, line_key, symptom_key
from tlcore.lesson_code import in_language
from tlcore.museum import SYMPTOMS, Piece, Way, lines_to_point_at


def code_of(piece: Piece, way: Way) -> str:
    """A program of the piece on the chosen base, with the names and comments of the language in use."""
    return in_language(piece.program(BASE.get(), way), language(), _)


def symptom_question(piece: Piece) -> None:
    """Which symptom do curve and numbers show?"""
    names = sorted((piece.symptom, *piece.others), key=list(SYMPTOMS).index)
    chosen = st.radio(
        "**" + _("What is the symptom?") + "**",
        names,
        format_func=lambda name: _(SYMPTOMS[name].title),
        index=None,
        key=symptom_key(piece).name,
        persist_state="session",
        on_change=keep_symptom,
        args=(piece,),
    )
    if chosen is not None:
        right = chosen == piece.symptom
        looks = _("With this one, {looks_like}. Look at the curve and the numbers again.")
        text = _("That is what it shows.") if right else looks.format(looks_like=_(SYMPTOMS[chosen].looks_like))
        _outcome(text, right=right)


def line_question(piece: Piece) -> None:
    """Which line is guilty?"""
    code = code_of(piece, "broken")
    st.code(code, language="python", line_numbers=True, wrap_lines=True)
    st.caption(_("This very program is what the button runs; only what watches it is added."))
    chosen = st.pills(
        "**" + _("Which line is guilty?") + "** " + _("Where something is missing: before which line?"),
        lines_to_point_at(code),
        key=line_key(piece).name,
        persist_state="session",
        on_change=keep_line,
        args=(piece,),
    )
    if chosen is not None:
        _line_outcome(piece, code, chosen)


def _outcome(text: str, *, right: bool) -> None:
    """What there is to say of an answer."""
    if right:
        st.success("**" + _("Right.") + f"** {text}", icon=":material/check_circle:")
    else:
        st.info("**" + _("Not quite.") + f"** {text}", icon=":material/lightbulb:")


def _line_outcome(piece: Piece, code: str, chosen: int) -> None:
    line = code.splitlines()[chosen - 1].strip()
    if chosen in guilty(piece):
        _outcome(_("It is line {line}: `{code}`").format(line=chosen, code=line), right=True)
    else:
        text = _("Line {line} is in order: `{code}`. {hint}").format(line=chosen, code=line, hint=_(piece.hint))
        _outcome(text, right=False)
