"""Texts, numbers and charts of `tlcore.experiments` in the language in use."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pages.ui.class_words import class_word
from pages.ui.i18n import _, in_full, number, percent, with_separators
from pages.ui.palette import colour
from tlcore.experiments import Chart, ClassName, Column, Quantity, Result, Series, Text

if TYPE_CHECKING:
    import plotly.graph_objects as go

_COLOURS = ("train", "validation", "dense", "frozen", "muted", "accent")
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "star")
_SMALLEST_PLAIN = 1e-3
_MOST_DECIMALS = 8

#: Characters a line of a bar's name, so that names stand upright below their bars.
_NAME_WIDTH = 18


def in_words(value: Any) -> Any:
    """A `Text`, `Quantity` or `ClassName` as a string; numbers and strings as they are."""
    if isinstance(value, ClassName):
        return class_word(value.name)
    if isinstance(value, Text):
        return _(value.template).format(**{name: _param(name, param) for name, param in value.params.items()})
    if isinstance(value, Quantity):
        return quantity(value.value, value.kind)
    return value


def _param(name: str, value: Any) -> Any:
    return with_separators(value) if name.endswith("_formula") else in_words(value)


def quantity(value: float | None, kind: str) -> str:
    """A number as its kind wants it, with the language's separators."""
    if value is None:
        return "–"
    if kind == "percent":
        return percent(value)
    if kind == "points":
        return number(100 * value, 1)
    if kind == "seconds":
        return f"{number(value, 1 if value >= 1 else 2)} s"
    if kind == "megabytes":
        return f"{number(value, 1)} MB"
    if kind == "ratio":
        return f"{number(value, 1)}×"
    if kind == "count":
        return number(value)
    if value and (kind == "scientific" or abs(value) < _SMALLEST_PLAIN):
        return number(value, min(_MOST_DECIMALS, max(0, -math.floor(math.log10(abs(value))))))
    return number(value, 3 if abs(value) < 10 else 1)


def table(columns: Sequence[Column], rows: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The rows with translated titles and formatted numbers."""
    return [{_(column.title): _cell(row.get(column.key), column.kind) for column in columns} for row in rows]


def _cell(value: Any, kind: str) -> str:
    if value is None or (kind != "text" and isinstance(value, int | float)):
        return quantity(value, kind)
    return str(in_words(value))


def takeaway(result: Result) -> list[str]:
    """The sentences that were computed from the result."""
    return [str(in_words(text)) for text in result.takeaway]


def chart_title(chart: Chart) -> str:
    """What a chart shows, in a sentence if it has one."""
    if chart.takeaway is not None:
        return str(in_words(chart.takeaway))
    return _("{y} by {x}").format(y=_(chart.y_title), x=_(chart.x_title))


def figure_of(chart: Chart) -> go.Figure:
    """Draws a chart; lines differ in dash and symbol, not in colour alone."""
    import plotly.graph_objects as go

    figure = go.Figure()
    for place, series in enumerate(chart.series):
        _add(figure, chart, series, place)
    percents = chart.y_kind in ("percent", "points")
    figure.update_layout(
        height=360,
        barmode="group",
        xaxis={"title": _(chart.x_title), "type": _axis(chart), "automargin": True},
        yaxis={"title": _(chart.y_title), "tickformat": ".0%" if percents else "", "automargin": True},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"},
        showlegend=len(chart.series) > 1,
    )
    if chart.x_log:
        places = sorted({value for series in chart.series for value in series.x})
        if chart.kind == "line":  # few values, each of which was chosen
            figure.update_xaxes(tickvals=places, ticktext=[in_full(value) for value in places])
        figure.update_xaxes(exponentformat="power")
    if chart.y_log:
        figure.update_yaxes(type="log", exponentformat="power", dtick=1)
    return figure


def _axis(chart: Chart) -> str:
    if chart.x_log:
        return "log"
    values = [value for series in chart.series for value in series.x]
    return "linear" if all(isinstance(value, int | float) for value in values) else "category"


def _add(figure: go.Figure, chart: Chart, series: Series, place: int) -> None:
    name, x = str(in_words(series.name)), [in_words(value) for value in series.x]
    hue = colour(_COLOURS[place % len(_COLOURS)])
    if chart.kind == "bar":
        x = ["<br>".join(textwrap.wrap(str(value), _NAME_WIDTH)) for value in x]
        figure.add_bar(x=x, y=list(series.y), name=name, marker_color=hue)
        return
    if series.low is not None and series.high is not None:
        _add_band(figure, x, series, hue)
    figure.add_scatter(
        x=x,
        y=list(series.y),
        name=name,
        mode="lines+markers" if chart.kind == "line" else "markers",
        line={"color": hue, "width": 3, "dash": _DASHES[place % len(_DASHES)]},
        marker={"size": 12 if chart.kind == "scatter" else 7, "symbol": _SYMBOLS[place % len(_SYMBOLS)], "color": hue},
    )


def _add_band(figure: go.Figure, x: Sequence[Any], series: Series, hue: str) -> None:
    """Mean ± standard deviation over the seeds, behind the line."""
    low, high = list(series.low or ()), list(series.high or ())
    figure.add_scatter(
        x=[*x, *reversed(x)],
        y=[*high, *reversed(low)],
        fill="toself",
        fillcolor=hue,
        opacity=0.15,
        line={"width": 0},
        hoverinfo="skip",
        showlegend=False,
        mode="lines",
    )


def chart_rows(chart: Chart) -> list[dict[str, Any]]:
    """The numbers of a chart as a table: one row a place on the x axis, one column a series."""
    places: dict[str, dict[str, Any]] = {}
    for series in chart.series:
        for x, y in zip(series.x, series.y, strict=True):
            shown = quantity(x, "number") if isinstance(x, float) else str(in_words(x))
            row = places.setdefault(shown, {_(chart.x_title): shown})
            row[str(in_words(series.name))] = quantity(y, chart.y_kind)
    return list(places.values())
