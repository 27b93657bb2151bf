"""Draws the charts of `tlcore.experiments`."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pages.ui.common.claim_words import in_words
from pages.ui.common.i18n import _, in_full
from pages.ui.common.palette import SERIES, colour
from tlcore.experiments import Chart, Series

if TYPE_CHECKING:
    import plotly.graph_objects as go

_DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "star")

#: Characters a line of a name on an axis, so that names stand upright below their marks.
_NAME_WIDTH = 12

#: Of a line with more values, plotly chooses which ones are written.
_MOST_TICKS = 8
_LONG_NAME, _HEIGHT, _LEGEND_LINE = 28, 340, 22  # characters, pixels, pixels


def figure_of(chart: Chart) -> go.Figure:
    """Draws a chart; lines differ in dash and symbol, not in colour alone."""
    import plotly.graph_objects as go

    figure = go.Figure()
    for index, series in enumerate(chart.series):
        _add(figure, chart, series, index)
    percents = chart.y_kind in ("percent", "points")
    figure.update_layout(
        height=_HEIGHT + _LEGEND_LINE * _legend_lines(chart),
        barmode="group",
        xaxis={"title": _(chart.x_title), "type": _axis(chart), "automargin": True, "tickangle": 0},
        yaxis={"title": _(chart.y_title), "tickformat": ".0%" if percents else "", "automargin": True},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"},
        showlegend=len(chart.series) > 1,
    )
    if percents and _is_one_share(chart):
        figure.update_yaxes(range=[0, 1.03])  # plotly would let it end at twice the share
    figure.update_xaxes(**_ticks(_x_ticks(chart)))
    if chart.y_log:
        values = [value for series in chart.series for value in series.y if value]
        figure.update_yaxes(type="log", **_ticks(_round_numbers(values)))
    return figure


def _is_one_share(chart: Chart) -> bool:
    """Whether all that is measured so far is one value of a whole."""
    values = {value for series in chart.series for value in series.y if value is not None}
    return len(values) == 1 and 0 <= min(values) <= 1


def _legend_lines(chart: Chart) -> int:
    """About how many lines the legend takes, so that it takes no height from the chart."""
    names = [str(in_words(series.name)) for series in chart.series]
    together = 1 if max(map(len, names)) > _LONG_NAME else 3
    return 0 if len(names) == 1 else math.ceil(len(names) / together)


def _x_ticks(chart: Chart) -> list[float]:
    """Values on the x axis to be written; none where plotly does well by itself."""
    values = sorted({value for series in chart.series for value in series.x if isinstance(value, int | float)})
    if chart.kind == "line" and len(values) <= _MOST_TICKS:  # few values, each of which was chosen
        return values
    return _round_numbers(values) if chart.x_log else []


def _round_numbers(values: Sequence[float]) -> list[float]:
    """Powers of ten around some numbers, with their doubles and fives where there would be few."""
    low, high = min(values), max(values)
    steps = (1, 2, 5) if high < 100 * low else (1,)
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return [step * 10.0**power for power in powers for step in steps if low / 2 <= step * 10.0**power <= high * 2]


def _ticks(values: Sequence[float]) -> dict[str, Any]:
    return {"tickvals": list(values), "ticktext": [in_full(value) for value in values]} if values else {}


def _axis(chart: Chart) -> str:
    if chart.x_log:
        return "log"
    values = [value for series in chart.series for value in series.x]
    return "linear" if all(isinstance(value, int | float) for value in values) else "category"


def _add(figure: go.Figure, chart: Chart, series: Series, index: int) -> None:
    name, x = str(in_words(series.name)), [in_words(value) for value in series.x]
    hue = colour(SERIES[index % len(SERIES)])
    if _axis(chart) == "category":
        x = ["<br>".join(textwrap.wrap(str(value), _NAME_WIDTH)) for value in x]
    if chart.kind == "bar":
        figure.add_bar(x=x, y=list(series.y), name=name, marker_color=hue)
        return
    if series.low is not None and series.high is not None:
        _add_band(figure, x, series, hue)
    figure.add_scatter(
        x=x,
        y=list(series.y),
        name=name,
        mode="lines+markers" if chart.kind == "line" else "markers",
        line={"color": hue, "width": 3, "dash": _DASHES[index % len(_DASHES)]},
        marker={"size": 12 if chart.kind == "scatter" else 7, "symbol": _SYMBOLS[index % len(_SYMBOLS)], "color": hue},
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
