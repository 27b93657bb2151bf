"""Curves of several runs laid over each other, and what their numbers are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pages.ui.common.charts import chart, epoch_axis
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


def overlaid_curves(runs: Sequence[tuple[str, Rows]], metric: str, *, key: str) -> None:
    """The same measure of several runs; told apart by colour, dash and name."""
    lines = []
    for index, (name, rows) in enumerate(runs):
        dash, meaning = _DASHES[index % len(_DASHES)], SERIES[index % len(SERIES)]
        line = {"color": colour(meaning), "dash": dash, "width": 3}
        x, y = [row["epoch"] for row in rows], [row[metric] for row in rows]
        lines.append({"type": "scatter", "x": x, "y": y, "name": name, "mode": "lines+markers", "line": line})
    table = [
        {_("run"): name, _("epoch"): row["epoch"], metric_title(metric): row[metric]}
        for name, rows in runs
        for row in rows
    ]
    last = max(row["epoch"] for _name, rows in runs for row in rows)
    chart({"data": lines, "layout": _axes(metric, last)}, _best(runs, metric), table, key=key)


def _axes(metric: str, last: float) -> dict[str, Any]:
    share = metric.endswith("accuracy")
    vertical = {"tickformat": ".0%", "range": [0, 1.03]} if share else {}
    return {
        "height": 300,
        "xaxis": epoch_axis(last),
        "yaxis": {"title": metric_title(metric), **vertical},
    }


def _best(runs: Sequence[tuple[str, Rows]], metric: str) -> str:
    choose = max if metric.endswith("accuracy") else min
    name, value, epoch = choose(
        ((name, row[metric], row["epoch"]) for name, rows in runs for row in rows), key=lambda best: best[1]
    )
    return _("Best of these runs: {name}, {metric} {value} at epoch {epoch}.").format(
        name=name, metric=metric_title(metric).lower(), value=shown(value, metric), epoch=number(epoch)
    )


def shown(value: float, metric: str) -> str:
    return percent(value) if metric.endswith("accuracy") else number(value, 3)
