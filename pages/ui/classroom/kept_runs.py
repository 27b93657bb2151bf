"""The runs of students while they run, kept by browser beyond a reload; what is measured lies in the store."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.owner import owner
from tlcore.classroom import Classroom, ClassRun
from tlcore.engine import get_engine

_KEPT = 500  # of all browsers; the oldest goes first


@st.cache_resource(show_spinner=False)
def _runs() -> dict[tuple[str, str, int], ClassRun]:
    return {}


def class_run(classroom: Classroom, seed: int) -> ClassRun:
    """This browser's run; one that another replica or an earlier process began goes on from what is measured."""
    runs, key = _runs(), (owner(), classroom.code, seed)
    if key not in runs:
        runs[key] = ClassRun(get_engine(), owner(), classroom, seed)
        for oldest in list(runs)[:-_KEPT]:
            runs.pop(oldest, None)
    return runs[key]


def forget_run(classroom: Classroom, seed: int) -> None:
    """So that a run which failed begins anew."""
    _runs().pop((owner(), classroom.code, seed), None)
