"""The two programs of a piece: what was measured of them, and running them here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from pages.ui.common.charts import chart
from pages.ui.common.claim_charts import figure_of
from pages.ui.common.claim_words import chart_rows, quantity
from pages.ui.common.i18n import _, number
from pages.ui.common.jobs import is_running, job_of, start, watch
from pages.ui.common.messages import tag
from pages.ui.museum.state import BASE, run_key
from tlcore.engine import JobView
from tlcore.experiments import Chart, Series, Text
from tlcore.museum import MeasuredPiece, Piece, ProgramRun, Way, load_measured
from tlcore.museum.jobs import museum_task
from tlcore.translatable import N_

Row = Mapping[str, float]
VALIDATION = "val_accuracy"
_LOOK_S = 1.0


def run_button(piece: Piece, way: Way) -> None:
    """Runs one of the two programs here."""
    view = job_of(run_key(piece, BASE.get(), way))
    words = {"broken": _("Run the broken program here"), "mended": _("Run the mended program here")}
    st.button(
        words[way],
        icon=":material/play_arrow:",
        disabled=is_running(view),
        key=f"museum.run.{way}",
        on_click=_start,
        args=(piece, way),
    )


def _start(piece: Piece, way: Way) -> None:
    base = BASE.get()
    start(run_key(piece, base, way), museum_task(), {"piece": piece.name, "base": base, "way": way})


def watch_run(piece: Piece, way: Way) -> None:
    """The program while it runs here: its curve grows; nothing of one that does not run."""
    key = run_key(piece, BASE.get(), way)
    if job_of(key) is not None:
        watch(key, lambda view: _live(piece, way, view), poll_s=_LOOK_S, telling=("epoch",))


def _live(piece: Piece, way: Way, view: JobView) -> None:
    if not is_running(view):
        return
    rows = [event for event in view.events if event.get("kind") == "epoch"]
    if not rows:
        st.progress(0.0, text=_("Building the network…"))
        return
    text = _("Epoch {epoch}: accuracy {accuracy}").format(
        epoch=number(rows[-1]["epoch"]), accuracy=quantity(rows[-1]["accuracy"], "percent")
    )
    draw_curves(own_curves(rows), text, key=f"museum-live-{way}")


def run_of(piece: Piece, way: Way) -> ProgramRun:
    """What the program came to: here, if it has run here, else as it ships."""
    base = BASE.get()
    view = job_of(run_key(piece, base, way))
    if view is not None and view.state == "done":
        result: ProgramRun = view.result
        return result
    return shipped(piece).runs[way]


@st.cache_data(show_spinner=False)
def _shipped(_piece: Piece, name: str, base: str) -> MeasuredPiece:
    return load_measured(_piece, base)


def shipped(piece: Piece) -> MeasuredPiece:
    """What was measured elsewhere, on the chosen base."""
    return _shipped(piece, piece.name, BASE.get())


def origin(piece: Piece, way: Way) -> None:
    """Where the numbers of a program come from."""
    view = job_of(run_key(piece, BASE.get(), way))
    if view is not None and view.state == "done":
        st.markdown(tag("measured") + " " + _("{seconds} s").format(seconds=number(view.result.seconds, 1)))
        return
    measured = shipped(piece)
    st.markdown(tag("precomputed", measured.date))
    st.caption(
        _("Made by `{command}` on {machine}. The button runs the same program here, in about half a minute.").format(
            command=measured.command,
            machine=f"{measured.machine['processor']} ({measured.machine['cores']})",
        )
    )


def own_curves(rows: Sequence[Row]) -> Chart:
    """Training and validation of one program."""
    names = {"accuracy": N_("training"), VALIDATION: N_("validation")}
    return _chart([_line(name, rows, column) for column, name in names.items()])


def compared_curves(piece: Piece) -> Chart:
    """Validation of both programs."""
    names: dict[Way, str] = {"broken": N_("broken program"), "mended": N_("mended program")}
    return _chart([_line(name, run_of(piece, way).curve, VALIDATION) for way, name in names.items()])


def _line(name: str, rows: Sequence[Row], column: str) -> Series:
    measured = [row for row in rows if column in row]
    return Series(Text(name), [int(row["epoch"]) for row in measured], [row[column] for row in measured])


def _chart(lines: Sequence[Series]) -> Chart:
    return Chart("line", N_("epoch"), N_("accuracy"), tuple(lines))


def draw_curves(drawn: Chart, takeaway: str, *, key: str) -> None:
    """A chart with its numbers."""
    chart(figure_of(drawn), takeaway, chart_rows(drawn), key=key)


def last_of(rows: Sequence[Row], column: str) -> str:
    """The last value of a curve, in words."""
    return quantity(rows[-1].get(column), "percent")


def numbers_table(piece: Piece, ways: Mapping[Way, str]) -> None:
    """The numbers of one program or of both; `ways` are the titles of their columns."""
    runs = {title: run_of(piece, way).numbers for way, title in ways.items()}
    rows = []
    for of in piece.numbers:
        values = {title: quantity(numbers[of.name], of.kind) for title, numbers in runs.items()}
        rows.append({_("what was measured"): _(of.title), **values})
    st.table(rows, hide_index=True)
