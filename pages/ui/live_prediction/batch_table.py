"""The answers to many photos as a table: small pictures, filters, and the whole as a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from pages.ui.common.charts import as_csv, as_table
from pages.ui.common.controls import select_one
from pages.ui.common.focus import await_parts
from pages.ui.common.i18n import _, number
from pages.ui.common.messages import takeaway_line
from pages.ui.common.pictures import data_uri
from pages.ui.live_prediction.state import (
    ANSWER,
    BATCH_CLASS,
    BATCH_ONLY,
    BATCH_OPENED,
    BATCH_RANGE,
    BATCH_TABLE,
    THRESHOLD,
)
from pages.ui.live_prediction.words import words_for
from tlcore.engine.tasks.batch import BatchAnswer, BatchPhoto

_ROW_HEIGHT = 64
_TABLE_HEIGHT = 520


def batch_table(answer: BatchAnswer, words: Sequence[str], cell: tuple[int, int] | None) -> None:
    """The answers, those that the filters leave.

    Args:
        answer: All of them.
        words: Of the network's classes; none of a base's.
        cell: True and said class of the photos that are shown alone; None for all.
    """
    said = words_for(answer.network, [photo.predictions[0] for photo in answer.photos])
    takeaway_line(batch_sentence(answer, said, THRESHOLD.get()))
    shown = _filtered(answer, said, cell)
    if cell is not None:
        st.caption(
            _("Only “{true}” taken for “{said}”, as clicked in the matrix.").format(
                true=words[cell[0]], said=words[cell[1]]
            )
        )
    rows = [_row(answer.photos[place], said[place], words) for place in shown]
    st.dataframe(
        as_table([{_("photo"): _picture(answer.photos[place]), **row} for place, row in zip(shown, rows, strict=True)]),
        hide_index=True,
        width="stretch",
        height=min(_TABLE_HEIGHT, _ROW_HEIGHT * (len(rows) + 1)),
        row_height=_ROW_HEIGHT,
        column_config={
            _("photo"): st.column_config.ImageColumn(width="small"),
            _("probability"): st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1),
            _("distance"): st.column_config.NumberColumn(format="%.2f"),
        },
        key=BATCH_TABLE.name,
        on_select=partial(_open, answer.item, shown) if answer.item else "ignore",
        selection_mode="single-row",
    )
    if answer.item:
        st.caption(_("Tick a row to open its photo below: the answer in full, and why."))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            _("Download the table (CSV)"),
            partial(as_csv, rows),
            "predictions.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
            key="live_prediction-batch-csv",
        )
        st.caption(_("{shown} of {total} photos").format(shown=number(len(rows)), total=number(len(answer.photos))))


def _open(item: str, shown: Sequence[int]) -> None:
    """Callback: the photo of the row that is ticked."""
    rows = BATCH_TABLE.get().selection.rows
    BATCH_OPENED.set((item, shown[rows[0]]) if rows else None)
    await_parts(ANSWER)


def batch_sentence(answer: BatchAnswer, said: Sequence[str], threshold: int) -> str:
    """How many of each class, of how many the network is not sure, and which it does not know.

    Args:
        answer: All of them.
        said: Of each photo the likeliest class, in words.
        threshold: In percent.
    """
    counts = Counter(said).most_common()
    listed = ", ".join(f"“{name}” {number(count)}×" for name, count in counts[:5])
    unsure = sum(100 * photo.predictions[0].probability < threshold for photo in answer.photos)
    text = _("{count} photos: {listed}. Below your threshold of {threshold}%: {unsure}.").format(
        count=number(len(said)), listed=listed, threshold=threshold, unsure=number(unsure)
    )
    if answer.threshold is None:
        return text
    strange = sum(photo.is_strange for photo in answer.photos)
    return (
        text
        + " "
        + _("Unlike everything that the network has learned from: {strange}.").format(strange=number(strange))
    )


def _filtered(answer: BatchAnswer, said: Sequence[str], cell: tuple[int, int] | None) -> list[int]:
    """Places of the photos that are to be shown."""
    left, middle, right = st.columns(3)
    counts = Counter(said)
    classes = {"": _("all classes"), **{name: f"{name} ({number(counts[name])})" for name in sorted(counts)}}
    wanted: str = select_one(_("Said to be"), classes, BATCH_CLASS, container=left)
    middle.slider(
        _("Probability"),
        0,
        100,
        step=5,
        format="%d%%",
        key=BATCH_RANGE.widget(),
        persist_state="session",
    )
    low, high = BATCH_RANGE.get()
    kinds = {"": _("all"), "unsure": _("below the threshold")}
    if answer.threshold is not None:
        kinds["strange"] = _("strange ones")
    if answer.metrics is not None:
        kinds["wrong"] = _("wrong ones")
    only: str = select_one(_("Which"), kinds, BATCH_ONLY, container=right)
    return [
        place
        for place, photo in enumerate(answer.photos)
        if (not wanted or said[place] == wanted)
        and low <= 100 * photo.predictions[0].probability <= high
        and _is(photo, only)
        and (cell is None or (photo.label, photo.predictions[0].index) == cell)
    ]


def _is(photo: BatchPhoto, only: str) -> bool:
    likeliest = photo.predictions[0]
    return {
        "": True,
        "unsure": 100 * likeliest.probability < THRESHOLD.get(),
        "strange": photo.is_strange,
        "wrong": photo.label is not None and photo.label != likeliest.index,
    }[only]


def _row(photo: BatchPhoto, said: str, words: Sequence[str]) -> dict[str, Any]:
    """What the table and its file say of a photo."""
    likeliest = photo.predictions[0]
    row: dict[str, Any] = {_("said"): said, _("probability"): likeliest.probability}
    if words:
        right = "" if photo.label is None else "✓" if photo.label == likeliest.index else "✗"
        row |= {_("class of its folder"): words[photo.label] if photo.label is not None else "", _("right"): right}
    if photo.distance is not None:
        row |= {_("distance"): photo.distance, _("strange"): _("strange") if photo.is_strange else ""}
    return row | {_("file"): photo.name}


def _picture(photo: BatchPhoto) -> str:
    return data_uri(photo.thumbnail)
