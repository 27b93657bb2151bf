"""Curves of one run while it goes on, and of several runs laid over each other."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from pages.ui.common.charts import chart
from pages.ui.common.i18n import _, number, percent
from pages.ui.common.palette import SERIES, colour

Rows = Sequence[Mapping[str, Any]]
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")


def phase_title(phase: str) -> str:
    """What is trained, in words."""
    titles = {
        "extraction": _("the base runs once over the images"),
        "head": _("the head learns"),
        "fine_tuning": _("fine-tuning"),
        "unfrozen": _("everything learns"),
        "scratch": _("everything learns, from scratch"),
    }
    return titles.get(phase, phase)


def metric_title(metric: str) -> str:
    titles = {
        "accuracy": _("Accuracy"),
        "loss": _("Loss"),
        "val_accuracy": _("Validation accuracy"),
        "val_loss": _("Validation loss"),
    }
    return titles[metric]


def run_curves(rows: Rows, batches: Rows, metric: str, *, key: str) -> None:
    """Training and validation by epoch, training by batch as a thin line, and where a step begins."""
    lines = []
    if batches:
        x = [row["epoch"] - 1 + row["batch"] / row["batches"] for row in batches]
        line = {"color": colour("muted"), "width": 1}
        name = _("training, batch by batch")
        lines.append(_line(x, [row[metric] for row in batches], name, line) | {"mode": "lines"})
    series = ((metric, _("training"), "train", "solid"), (f"val_{metric}", _("validation"), "validation", "dash"))
    for column, label, meaning, dash in series:
        line = {"color": colour(meaning), "dash": dash, "width": 3}
        lines.append(_line([row["epoch"] for row in rows], [row[column] for row in rows], label, line))
    layout = _axes(metric) | _marked_phases(rows, at_bottom=metric == "accuracy")
    table = [
        {
            _("epoch"): row["epoch"],
            _("step"): phase_title(row["phase"]),
            _("training"): row[metric],
            _("validation"): row[f"val_{metric}"],
        }
        for row in rows
    ]
    chart({"data": lines, "layout": layout}, _takeaway(rows, batches, metric), table, key=key)


def overlaid_curves(runs: Sequence[tuple[str, Rows]], metric: str, *, key: str) -> None:
    """The same measure of several runs; told apart by colour, dash and name."""
    lines = []
    for index, (name, rows) in enumerate(runs):
        dash, meaning = _DASHES[index % len(_DASHES)], SERIES[index % len(SERIES)]
        line = {"color": colour(meaning), "dash": dash, "width": 3}
        lines.append(_line([row["epoch"] for row in rows], [row[metric] for row in rows], name, line))
    table = [
        {_("run"): name, _("epoch"): row["epoch"], metric_title(metric): row[metric]}
        for name, rows in runs
        for row in rows
    ]
    chart({"data": lines, "layout": _axes(metric)}, _best(runs, metric), table, key=key)


def _line(x: list[Any], y: list[Any], name: str, line: dict[str, Any]) -> dict[str, Any]:
    return {"type": "scatter", "x": x, "y": y, "name": name, "mode": "lines+markers", "line": line}


def _marked_phases(rows: Rows, *, at_bottom: bool) -> dict[str, Any]:
    """Of a layout: a line where the layers that are trained change, its words where the curves are not."""
    changes = [(a["epoch"] + 0.5, b["phase"]) for a, b in itertools.pairwise(rows) if a["phase"] != b["phase"]]
    line = {"color": colour("text"), "dash": "dot", "width": 2}
    height = {"xref": "x", "yref": "y domain"}
    words = {"font": {"size": 13}, "showarrow": False, "xanchor": "left"}
    words |= {"y": 0, "yanchor": "bottom"} if at_bottom else {"y": 1, "yanchor": "top"}
    return {
        "shapes": [
            {"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "line": line, **height} for x, _phase in changes
        ],
        "annotations": [{"text": phase_title(phase), "x": x, **words, **height} for x, phase in changes],
    }


def _axes(metric: str) -> dict[str, Any]:
    share = metric.endswith("accuracy")
    vertical = {"tickformat": ".0%", "range": [0, 1.03]} if share else {}
    return {
        "height": 300,
        "xaxis": {"title": _("epoch"), "rangemode": "tozero", "tickformat": "d"},
        "yaxis": {"title": metric_title(metric), **vertical},
    }


def _takeaway(rows: Rows, batches: Rows, metric: str) -> str:
    if not rows:
        return _("First epoch: {batch} of {batches} batches.").format(
            batch=number(batches[-1]["batch"]), batches=number(batches[-1]["batches"])
        )
    last = rows[-1]
    template = _("Epoch {epoch}: {metric} {train} on training images, {validation} on validation images.")
    return template.format(
        epoch=number(last["epoch"]),
        metric=metric_title(metric).lower(),
        train=_shown(last[metric], metric),
        validation=_shown(last[f"val_{metric}"], metric),
    )


def _best(runs: Sequence[tuple[str, Rows]], metric: str) -> str:
    choose = max if metric.endswith("accuracy") else min
    name, value, epoch = choose(
        ((name, row[metric], row["epoch"]) for name, rows in runs for row in rows), key=lambda best: best[1]
    )
    return _("Best of these runs: {name}, {metric} {value} at epoch {epoch}.").format(
        name=name, metric=metric_title(metric).lower(), value=_shown(value, metric), epoch=number(epoch)
    )


def _shown(value: float, metric: str) -> str:
    return percent(value) if metric.endswith("accuracy") else number(value, 3)
