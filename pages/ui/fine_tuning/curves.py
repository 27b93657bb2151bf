"""Curves of one run while it goes on, and of several runs laid over each other."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pages.ui.common.charts import chart
from pages.ui.common.i18n import _, number, percent
from pages.ui.common.palette import SERIES, colour

if TYPE_CHECKING:
    import plotly.graph_objects as go

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
    import plotly.graph_objects as go

    figure = go.Figure()
    if batches:
        figure.add_scatter(
            x=[row["epoch"] - 1 + row["batch"] / row["batches"] for row in batches],
            y=[row[metric] for row in batches],
            name=_("training, batch by batch"),
            mode="lines",
            line={"color": colour("muted"), "width": 1},
        )
    series = ((metric, _("training"), "train", "solid"), (f"val_{metric}", _("validation"), "validation", "dash"))
    for column, label, meaning, dash in series:
        figure.add_scatter(
            x=[row["epoch"] for row in rows],
            y=[row[column] for row in rows],
            name=label,
            mode="lines+markers",
            line={"color": colour(meaning), "dash": dash, "width": 3},
        )
    _mark_phases(figure, rows, "bottom right" if metric == "accuracy" else "top right")
    _axes(figure, metric)
    table = [
        {
            _("epoch"): row["epoch"],
            _("step"): phase_title(row["phase"]),
            _("training"): row[metric],
            _("validation"): row[f"val_{metric}"],
        }
        for row in rows
    ]
    chart(figure, _takeaway(rows, batches, metric), table, key=key)


def overlaid_curves(runs: Sequence[tuple[str, Rows]], metric: str, *, key: str) -> None:
    """The same measure of several runs; told apart by colour, dash and name."""
    import plotly.graph_objects as go

    figure = go.Figure()
    for index, (name, rows) in enumerate(runs):
        figure.add_scatter(
            x=[row["epoch"] for row in rows],
            y=[row[metric] for row in rows],
            name=name,
            mode="lines+markers",
            line={
                "color": colour(SERIES[index % len(SERIES)]),
                "dash": _DASHES[index % len(_DASHES)],
                "width": 3,
            },
        )
    _axes(figure, metric)
    table = [
        {_("run"): name, _("epoch"): row["epoch"], metric_title(metric): row[metric]}
        for name, rows in runs
        for row in rows
    ]
    chart(figure, _best(runs, metric), table, key=key)


def _mark_phases(figure: go.Figure, rows: Rows, words_at: str) -> None:
    """A line where the layers that are trained change, its words where the curves are not."""
    for before, after in itertools.pairwise(rows):
        if before["phase"] != after["phase"]:
            figure.add_vline(
                x=before["epoch"] + 0.5,
                line={"color": colour("text"), "dash": "dot", "width": 2},
                annotation={"text": phase_title(after["phase"]), "font": {"size": 13}},
                annotation_position=words_at,
            )


def _axes(figure: go.Figure, metric: str) -> None:
    share = metric.endswith("accuracy")
    figure.update_layout(
        height=300,
        xaxis={"title": _("epoch"), "rangemode": "tozero", "tickformat": "d"},
        yaxis={"title": metric_title(metric), "tickformat": ".0%", "range": [0, 1.03]}
        if share
        else {"title": metric_title(metric)},
        legend={"orientation": "h", "y": 1.25},
    )


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
