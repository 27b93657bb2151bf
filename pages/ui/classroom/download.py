"""All that a class has measured as a file for spreadsheets."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from pages.ui.classroom.room import Room
from pages.ui.classroom.words import claim_of
from pages.ui.common.charts import as_csv
from pages.ui.common.claim_words import in_words
from pages.ui.common.i18n import _
from tlcore.classroom import Classroom, Member

#: What a spreadsheet takes for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def download_button(classroom: Classroom, room: Room) -> None:
    """A row a measurement, and one for each student without any."""
    st.download_button(
        _("Download all points (CSV)"),
        partial(as_csv, csv_rows(classroom, room)),
        f"{classroom.code}.csv",
        "text/csv",
        icon=":material/download:",
        disabled=not room.members,
        on_click="ignore",
        key="classroom.csv",
    )


def csv_rows(classroom: Classroom, room: Room) -> list[dict[str, Any]]:
    """The rows of the file."""
    rows = []
    for member in room.members:
        run = room.result.run_of(member)
        about = {**_about(classroom, member), _("difference"): None if run is None else run.value}
        measured = [point for point in room.result.board if point.member.member_id == member.member_id]
        rows += [
            {
                **about,
                _("way"): str(in_words(point.way)),
                _("accuracy"): point.accuracy,
                _("trained parameters"): point.trained_parameters,
                _("seconds"): round(point.seconds, 3),
            }
            for point in measured
        ] or [about]
    return rows


def _about(classroom: Classroom, member: Member) -> dict[str, Any]:
    options = claim_of(classroom).guess.options
    return {
        _("number"): member.number,
        _("student"): harmless(member.nickname),
        _("seed"): member.seed,
        _("guess"): "" if member.guess is None else _(options[member.guess]),
    }


def harmless(nickname: str) -> str:
    """A nickname that no spreadsheet takes for a formula."""
    return f"'{nickname}" if nickname.startswith(_FORMULA) else nickname
