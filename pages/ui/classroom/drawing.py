"""The charts of a class: how its answer grows, what it guessed, what its measurements cost."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence
from html import escape
from typing import Any

from pages.ui.classroom.room import Room
from pages.ui.classroom.words import growth_sentence, points
from pages.ui.common.charts import chart
from pages.ui.common.claim_words import in_words
from pages.ui.common.i18n import _, ngettext, number, percent
from pages.ui.common.palette import SERIES, colour
from tlcore.classroom import BoardPoint, Member, RoomResult, StudentRun
from tlcore.experiments import ExperimentSpec

_HEIGHT, _WRAP = 380, 22  # pixels, characters
_SYMBOLS = ("circle", "square", "diamond", "triangle-up")


def growth_chart(result: RoomResult, *, own: Member | None, named: bool, key: str) -> None:
    """A point a run in the order in which they ended, the mean of all so far and the interval that narrows around it.

    Args:
        result: Of at least one run.
        own: Whose point is marked; None on the teacher's screen.
        named: Whether pointing at a point says whose it is.
        key: Unique on the page.
    """
    title = _(result.result.figure.title) if result.result is not None and result.result.figure is not None else ""
    x = [answer.runs for answer in result.growth]
    low = [100 * (answer.value - answer.margin) for answer in result.growth]
    high = [100 * (answer.value + answer.margin) for answer in result.growth]
    band = {
        **{"type": "scatter", "mode": "lines", "name": _("interval"), "x": [*x, *reversed(x)]},
        **{"y": [*high, *reversed(low)], "fill": "toself", "fillcolor": colour("train"), "opacity": 0.18},
        **{"line": {"width": 0}, "hoverinfo": "skip"},
    }
    mean = {
        **{"type": "scatter", "mode": "lines+markers", "name": _("mean of the runs so far"), "x": x},
        **{"y": [100 * answer.value for answer in result.growth], "line": {"color": colour("train"), "width": 4}},
        "marker": {"size": 6, "color": colour("train")},
    }
    middle = 100 * (result.median or 0.0)
    median = {
        **{"type": "scatter", "mode": "lines", "name": _("median of the runs"), "x": [1, max(2, len(x))]},
        **{"y": [middle, middle], "line": {"color": colour("dense"), "width": 2, "dash": "dash"}},
    }
    layout = {
        "height": _HEIGHT,
        "xaxis": {"title": _("runs, in the order in which they ended"), "rangemode": "tozero", "dtick": _step(len(x))},
        "yaxis": {"title": title + " (" + _("points") + ")", "zeroline": True, "zerolinewidth": 2},
    }
    lines = [band, mean, median, *_run_points(result, own, named)]
    chart({"data": lines, "layout": layout}, growth_sentence(result), _run_rows(result, named), key=key)


def _step(count: int) -> int:
    return 1 if count <= 12 else 5


def _run_points(result: RoomResult, own: Member | None, named: bool) -> list[dict[str, Any]]:
    places = list(enumerate(result.runs, start=1))
    mine = [place for place in places if own is not None and place[1].member.member_id == own.member_id]
    others = [place for place in places if place not in mine]
    drawn = [(others, _("one run"), "circle", 10, "validation"), (mine, _("your run"), "star", 20, "text")]
    return [
        {
            **{"type": "scatter", "mode": "markers", "name": name, "x": [at for at, _run in runs]},
            **{"y": [100 * run.value for _at, run in runs], "text": [_whose(run, named) for _at, run in runs]},
            "marker": {"symbol": symbol, "size": size, "color": colour(hue)},
            "hovertemplate": "%{text} %{y:.1f}<extra></extra>",
        }
        for runs, name, symbol, size, hue in drawn
        if runs
    ]


def _whose(run: StudentRun, named: bool) -> str:
    """plotly reads a part of HTML in what it writes beside a point."""
    return escape(run.member.nickname) if named else ""


def _run_rows(result: RoomResult, named: bool) -> list[dict[str, Any]]:
    value = _("points")
    return [
        {
            _("number of the run"): place,
            **({_("student"): run.member.nickname} if named else {}),
            value: points(run.value),
        }
        for place, run in enumerate(result.runs, start=1)
    ]


def guess_chart(spec: ExperimentSpec, room: Room, *, key: str) -> None:
    """How many have guessed which answer."""
    counts = Counter(member.guess for member in room.members if member.guess is not None)
    options = [_(option) for option in spec.guess.options]
    heights = [counts[index] for index in range(len(options))]
    names = [_wrapped(option) for option in options]
    bars = {"type": "bar", "x": names, "y": heights, "text": heights, "marker": {"color": colour("train")}}
    layout = {
        "height": 300,
        "xaxis": {"automargin": True},
        "yaxis": {"title": _("students"), "dtick": _step(max(heights))},
    }
    rows = [{_("guess"): option, _("students"): height} for option, height in zip(options, heights, strict=True)]
    text = ngettext("{count} student has guessed.", "{count} students have guessed.", room.guessed)
    chart({"data": [bars], "layout": layout}, text.format(count=number(room.guessed)), rows, key=key)


def _wrapped(name: str) -> str:
    """On lines that a phone has room for."""
    return "<br>".join(textwrap.wrap(name, _WRAP))


def board_charts(result: RoomResult, *, named: bool, key: str) -> None:
    """Accuracy against what it cost, a point a measurement: once against trained parameters, once against seconds."""
    counted = [point for point in result.board if point.trained_parameters is not None]
    if counted:
        log = all(point.trained_parameters for point in counted)
        xs = [float(point.trained_parameters or 0) for point in counted]
        _board_chart(counted, xs, _("trained parameters"), log=log, named=named, key=f"{key}-parameters")
    xs = [point.seconds for point in result.board]
    _board_chart(result.board, xs, _("seconds"), log=False, named=named, key=f"{key}-seconds")


def _board_chart(
    board: Sequence[BoardPoint], xs: Sequence[float], x_title: str, *, log: bool, named: bool, key: str
) -> None:
    ways = list(dict.fromkeys(str(in_words(point.way)) for point in board))
    data = []
    for index, way in enumerate(ways):
        places = [(x, point) for x, point in zip(xs, board, strict=True) if str(in_words(point.way)) == way]
        data.append(
            {
                **{"type": "scatter", "mode": "markers", "name": _wrapped(way), "x": [x for x, _point in places]},
                "y": [point.accuracy for _x, point in places],
                "marker": {"symbol": _SYMBOLS[index % 4], "size": 11, "opacity": 0.75, "color": colour(SERIES[index])},
            }
        )
    scale = {"type": "log"} if log else {"rangemode": "tozero"}
    layout = {
        **{"height": _HEIGHT, "showlegend": True, "xaxis": {"title": x_title, **scale}},
        "yaxis": {"title": _("balanced accuracy on the test images"), "tickformat": ".0%"},
    }
    best = max(board, key=lambda point: point.accuracy)
    text = _("Accuracy against {cost}: the highest is {accuracy}, by “{way}”.")
    sentence = text.format(cost=x_title, accuracy=percent(best.accuracy), way=in_words(best.way))
    rows = [
        {
            **({_("student"): point.member.nickname} if named else {}),
            **{_("way"): str(in_words(point.way)), _("accuracy"): percent(point.accuracy), x_title: x},
        }
        for x, point in zip(xs, board, strict=True)
    ]
    chart({"data": data, "layout": layout}, sentence, rows, key=key)
