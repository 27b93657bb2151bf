"""The answer of the room, once the teacher reveals it: verdict, sentences, table."""

from __future__ import annotations

import streamlit as st

from pages.ui.classroom.drawing import board_charts
from pages.ui.classroom.words import claim_of
from pages.ui.common.claim_words import claim_guess_outcome, table, takeaway, verdict_badge
from pages.ui.common.i18n import _
from pages.ui.common.messages import notice
from tlcore.classroom import Classroom, Member, RoomResult


def answer_section(classroom: Classroom, result: RoomResult, *, own: Member | None, key: str) -> None:
    """What all runs together say of the claim; computed anew with each run that arrives.

    Args:
        classroom: The class, whose answer is revealed.
        result: Of at least one run.
        own: The student who reads it, whose guess is answered; None on the teacher's screen.
        key: Unique on the page.
    """
    found = result.result
    if found is None:
        return
    spec = claim_of(classroom)
    st.subheader(_("What the room found"), anchor=False)
    st.markdown(verdict_badge(found))
    for sentence in takeaway(found):
        st.markdown(f"- {sentence}")
    if own is not None:
        claim_guess_outcome(spec, own.guess, found)
    st.table(table(found.columns, found.rows), hide_index=True)
    notice(_(spec.notice))
    with st.expander(":material/leaderboard: " + _("The board: accuracy against what it cost")):
        board_charts(result, named=own is None, key=f"{key}-board")
