"""Charts, each with a one-sentence takeaway above it and a small menu: its numbers as a table, its files."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from functools import partial
from math import ceil
from typing import TYPE_CHECKING, Any, Literal

import streamlit as st

from pages.ui.common.i18n import _, number, percent, separators
from pages.ui.common.messages import takeaway_line
from pages.ui.common.palette import colour, ink_on, sequential, shade
from pages.ui.common.picture_files import files_of_shown

if TYPE_CHECKING:
    import plotly.graph_objects as go

SelectionMode = Literal["points", "box", "lasso"]
Rows = Sequence[Mapping[str, Any]]
_LEGEND = {"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0, "traceorder": "normal"}


def chart(
    figure: go.Figure | dict[str, Any],
    takeaway: str,
    rows: Rows | Mapping[str, Rows],
    *,
    key: str,
    on_select: Any = "ignore",
    selection_mode: SelectionMode | Sequence[SelectionMode] = "points",
) -> Any:
    """Draws `figure` with its takeaway and its table.

    Args:
        figure: A plotly figure, or its "data" and "layout" as plotly's JSON has them: what is drawn again and again is
            drawn so, since plotly takes ten times as long to change a figure as to read a whole one.
        takeaway: One sentence computed from the numbers; also what a screen reader says.
        rows: The numbers, one mapping a row, column titles already translated; or several such tables by their title.
        key: Unique on the page.
        on_select, selection_mode: As in `st.plotly_chart`.

    Returns:
        What `st.plotly_chart` returns.
    """
    with st.container(horizontal=True, wrap=False, key=f"{key}-takeaway"):
        takeaway_line(takeaway)
        data_table(rows, key=f"{key}-table", picture=f".st-key-{key} svg.main-svg")
    config = {"displayModeBar": False, "responsive": True}
    event = st.plotly_chart(
        _dressed(figure),
        width="stretch",
        key=key,
        config=config,
        alt=takeaway,
        on_select=on_select,
        selection_mode=selection_mode,
    )
    return event


def _dressed(figure: go.Figure | dict[str, Any]) -> dict[str, Any]:
    """The figure with what all charts have in common, as plotly's JSON has it."""
    if not isinstance(figure, dict):
        figure = figure.to_plotly_json()
    layout = {name: value for name, value in figure["layout"].items() if name != "template"}  # of Streamlit's theme
    layout |= {"separators": "".join(separators()), "margin": {"l": 8, "r": 8, "t": 44, "b": 8}}
    layout["font"] = layout.get("font", {}) | {"size": 15}
    layout["legend"] = layout.get("legend", {}) | _LEGEND
    for name in {"xaxis", "yaxis", *(name for name in layout if name[1:5] == "axis")}:
        axis = layout.get(name, {})
        layout[name] = axis | {"tickfont": axis.get("tickfont", {}) | {"size": 14}, "title": _title(axis.get("title"))}
    return {"data": figure["data"], "layout": layout}


def _title(title: Any) -> dict[str, Any]:
    """Of an axis: its text alone, or with more."""
    plain = title if isinstance(title, dict) else {"text": title} if title else {}
    return plain | {"font": plain.get("font", {}) | {"size": 14}}


def data_table(
    rows: Rows | Mapping[str, Rows], *, key: str, title: str | None = None, note: str | None = None, picture: str = ""
) -> None:
    """The numbers behind a chart in a small menu, which also downloads them.

    Args:
        rows: One mapping a row, or several tables by their title.
        key: Unique on the page.
        title: Of the menu.
        note: Below the numbers.
        picture: CSS selector of the chart, where it can be downloaded too.
    """
    tables: Mapping[str, Rows] = rows if isinstance(rows, Mapping) else {"": rows}
    with st.popover(title or _("Numbers"), icon=":material/table:", type="tertiary"):
        for number_of_table, (name, table) in enumerate(tables.items()):
            if name:
                st.markdown(f"**{name}**")
            _table(table, key=f"{key}-{number_of_table}")
        if note:
            st.caption(note)
        with st.container(horizontal=True, gap="small"):
            for number_of_table, (name, table) in enumerate(tables.items()):
                st.download_button(
                    f"{name} (CSV)" if name else _("Download the table (CSV)"),
                    partial(as_csv, table),
                    f"{key}-{number_of_table}.csv",
                    "text/csv",
                    icon=":material/download:",
                    on_click="ignore",
                    key=f"{key}-{number_of_table}-csv",
                )
            if picture:
                files_of_shown(picture, key, key=f"{key}-picture")


def _table(rows: Rows, *, key: str) -> None:
    numbers = {name for row in rows for name, value in row.items() if isinstance(value, int | float)}
    as_people_write = {name: st.column_config.NumberColumn(format="localized") for name in numbers}
    st.dataframe(as_table(rows), key=key, hide_index=True, width="stretch", column_config=as_people_write)


def as_csv(rows: Rows) -> str:
    """Rows as a file for spreadsheets, numbers as programs read them."""
    file = io.StringIO()
    writer = csv.DictWriter(file, fieldnames=list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def as_table(rows: Rows) -> Any:
    """Rows as Streamlit sends them, without the way through pandas, which takes ten times as long."""
    import pyarrow

    return pyarrow.Table.from_pylist([dict(row) for row in rows])


def curves(history: Rows, *, key: str, metric: str = "accuracy") -> None:
    """Train and validation curves of a run, one point an epoch."""
    names = {"accuracy": _("Accuracy"), "loss": _("Loss")}
    parts = {metric: (_("training"), "train", "solid"), f"val_{metric}": (_("validation"), "validation", "dash")}
    lines = []
    for column, (label, meaning, dash) in parts.items():
        points = [(row["epoch"], row[column]) for row in history if row.get(column) is not None]
        line = {"color": colour(meaning), "dash": dash, "width": 3}
        x, y = [x for x, _y in points], [y for _x, y in points]
        lines.append({"type": "scatter", "x": x, "y": y, "name": label, "mode": "lines+markers", "line": line})
    layout = {
        "height": 280,
        "xaxis": epoch_axis(history[-1]["epoch"]),
        "yaxis": {
            "title": names[metric],
            **({"tickformat": ".0%", "range": [0, 1.03]} if metric == "accuracy" else {}),
        },
    }
    rows = [
        {_("epoch"): row["epoch"], **{label: row.get(c) for c, (label, _m, _d) in parts.items()}} for row in history
    ]
    chart({"data": lines, "layout": layout}, _curve_takeaway(history, metric), rows, key=key)


def epoch_axis(last: float) -> dict[str, Any]:
    """The axis of a chart by epochs, which are whole numbers; `last` is the last one."""
    return {"title": _("epoch"), "rangemode": "tozero", "tickformat": "d", "dtick": max(1, ceil(last / 10))}


def _curve_takeaway(history: Rows, metric: str) -> str:
    last = history[-1]
    if metric == "loss":
        return _("After epoch {epoch}: training loss {train}, validation loss {validation}.").format(
            epoch=last["epoch"], train=_loss(last.get("loss")), validation=_loss(last.get("val_loss"))
        )
    return _(
        "After epoch {epoch}: {train} of the training images right, {validation} of the validation images."
    ).format(epoch=last["epoch"], train=_share(last.get("accuracy")), validation=_share(last.get("val_accuracy")))


def _loss(value: float | None) -> str:
    return "–" if value is None else number(value, 3)


def _share(value: float | None) -> str:
    return "–" if value is None else percent(value)


def probability_bars(predictions: Sequence[tuple[str, float]], takeaway: str, *, key: str) -> None:
    """One horizontal bar a class, best on top."""
    names = [name for name, _p in predictions]
    values = [probability for _n, probability in predictions]
    hues = [colour("accent")] + [colour("faint")] * (len(values) - 1)
    bars = {
        "type": "bar",
        "x": values,
        "y": names,
        "orientation": "h",
        "text": [percent(value) for value in values],
        "textposition": "auto",
        "insidetextfont": {"color": [ink_on(hue) for hue in hues]},
        "outsidetextfont": {"color": colour("text")},
        "marker": {"color": hues},
    }
    layout = {
        "height": 60 + 44 * len(values),
        "xaxis": {"range": [0, 1], "tickformat": ".0%", "title": _("probability")},
        "yaxis": {"autorange": "reversed", "type": "category", "automargin": True},
    }
    rows = [{_("class"): name, _("probability"): percent(value, 2)} for name, value in predictions]
    chart({"data": [bars], "layout": layout}, takeaway, rows, key=key)


def confusion_matrix(
    matrix: Sequence[Sequence[int]], class_names: Sequence[str], *, key: str, tested: bool = True
) -> Any:
    """Rows are true classes, columns what the network said; a clicked cell is returned by `on_select`.

    Args:
        matrix: True class -> predicted class -> images.
        class_names: In words.
        key: Unique on the page.
        tested: Whether these are test images, not any photos.
    """
    counts = {
        "type": "heatmap",
        "z": [list(row) for row in matrix],
        "x": list(class_names),
        "y": list(class_names),
        "colorscale": list(sequential()),
        "zmin": 0,
        "showscale": False,
        "xgap": 3,
        "ygap": 3,
        "hoverinfo": "skip",
    }
    # A heat map's cells cannot be selected, unseen markers on them can; and each count gets the ink that reads there.
    cells = [(i, j) for i in range(len(matrix)) for j in range(len(matrix[i]))]
    most = max(1, *(matrix[i][j] for i, j in cells))
    markers = {
        "type": "scatter",
        "x": [class_names[j] for _i, j in cells],
        "y": [class_names[i] for i, _j in cells],
        "customdata": [[f"{i}-{j}"] for i, j in cells],
        "mode": "markers+text",
        "text": [number(matrix[i][j]) for i, j in cells],
        "textfont": {"size": 18, "color": [ink_on(shade(matrix[i][j] / most)) for i, j in cells]},
        "marker": {"size": 40, "opacity": 0, "symbol": "square"},
        "hovertemplate": "%{y} → %{x}<extra></extra>",
        "showlegend": False,
    }
    layout = {
        "height": 110 + max(24, min(44, 320 // len(class_names))) * len(class_names),
        "xaxis": {"title": _("said by the network"), "side": "top", "type": "category"},
        "yaxis": {"title": _("true class"), "autorange": "reversed", "type": "category", "automargin": True},
    }
    rows = [
        {_("true class"): name, **{_("said: {name}").format(name=other): row[i] for i, other in enumerate(class_names)}}
        for name, row in zip(class_names, matrix, strict=True)
    ]
    figure = {"data": [counts, markers], "layout": layout}
    return chart(figure, matrix_takeaway(matrix, class_names, tested=tested), rows, key=key, on_select="rerun")


def matrix_takeaway(matrix: Sequence[Sequence[int]], class_names: Sequence[str], *, tested: bool = True) -> str:
    """Names the most frequent mistake."""
    wrong = [(row[j], i, j) for i, row in enumerate(matrix) for j in range(len(row)) if i != j]
    total = sum(map(sum, matrix))
    right = sum(matrix[i][i] for i in range(len(matrix)))
    count, true, said = max(wrong, default=(0, 0, 0))
    text = _("{right} of {total} test images right.") if tested else _("{right} of {total} photos right.")
    text = text.format(right=number(right), total=number(total))
    if not count:
        return text + " " + _("No mistake in this set.")
    return (
        text
        + " "
        + _("Most frequent mistake: “{true}” taken for “{said}” ({count}×).").format(
            true=class_names[true], said=class_names[said], count=number(count)
        )
    )
