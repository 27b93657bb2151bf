"""One run as one figure: accuracy and loss by epoch, and below them what happened to each layer."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from pages.ui.common.charts import chart, epoch_axis
from pages.ui.common.i18n import _, number
from pages.ui.common.palette import colour
from pages.ui.fine_tuning.curves import metric_title, phase_title, shown
from pages.ui.fine_tuning.layers import ends, grouped, layer_rows, strip_cells, strip_takeaway, strip_title

Rows = Sequence[Mapping[str, Any]]
_HEIGHT, _STRIPS = 430, 170  # pixels of the curves with their axis, and of the two strips


def run_figure(rows: Rows, batches: Rows, layers: Mapping[str, Any] | None, *, key: str) -> None:
    """Draws a run.

    Args:
        rows: One an epoch.
        batches: One a point of the thin line.
        layers: `weight_drift` and `gradient_norm` by layer, as of the last epoch that has them.
        key: Unique on the page.
    """
    height = _HEIGHT + (_STRIPS if layers else 0)
    below = (_STRIPS + 50) / height if layers else 50 / height  # of the curves: their axis, and the strips
    middle = (below + 1) / 2
    domains = {"y": [middle + 0.02, 1.0], "y2": [below, middle - 0.02]}
    traces = [*_curves(rows, batches, "accuracy", "y"), *_curves(rows, batches, "loss", "y2")]
    layout: dict[str, Any] = {
        "height": height,
        "xaxis": epoch_axis(max(row["epoch"] for row in (*rows, *batches))) | {"anchor": "y2"},
        "yaxis": {"title": metric_title("accuracy"), "tickformat": ".0%", "range": [0, 1.03], "domain": domains["y"]},
        "yaxis2": {"title": metric_title("loss"), "rangemode": "tozero", "domain": domains["y2"]},
        **_marked_phases(rows, below),
    }
    tables = {_("Epochs"): _table(rows)}
    sentences = [_takeaway(rows, batches)]
    if layers:
        order = list(layers["weight_drift"])
        drift, gradient = (grouped(order, layers[name]) for name in ("weight_drift", "gradient_norm"))
        traces += [*strip_cells(drift, "drift", "y3"), *strip_cells(gradient, "gradient", "y4")]
        layout |= _strip_axes(list(drift), height)
        layout["annotations"] = [*layout["annotations"], *_strip_titles(height)]
        tables[_("Layers")] = layer_rows(drift, gradient)
        sentences.append(strip_takeaway(drift))
    chart({"data": traces, "layout": layout}, " ".join(sentences), tables, key=key)


def _curves(rows: Rows, batches: Rows, metric: str, axis: str) -> list[dict[str, Any]]:
    """Training and validation by epoch, training by batch as a thin line; the legend has each of them once."""
    first = axis == "y"
    lines = []
    if batches:
        x = [row["epoch"] - 1 + row["batch"] / row["batches"] for row in batches]
        thin = {"mode": "lines", "line": {"color": colour("muted"), "width": 1}, "name": _("training, batch by batch")}
        lines.append({"x": x, "y": [row[metric] for row in batches], **thin})
    series = ((metric, _("training"), "train", "solid"), (f"val_{metric}", _("validation"), "validation", "dash"))
    for column, label, meaning, dash in series:
        x, y = [row["epoch"] for row in rows], [row[column] for row in rows]
        line = {"color": colour(meaning), "dash": dash, "width": 3}
        lines.append({"x": x, "y": y, "name": label, "mode": "lines+markers", "line": line})
    return [
        line | {"type": "scatter", "yaxis": axis, "showlegend": first, "legendgroup": line["name"]} for line in lines
    ]


def _marked_phases(rows: Rows, below: float) -> dict[str, Any]:
    """Of a layout: a line through both curves where the layers that are trained change, its words at the bottom."""
    changes = [(a["epoch"] + 0.5, b["phase"]) for a, b in itertools.pairwise(rows) if a["phase"] != b["phase"]]
    line = {"color": colour("text"), "dash": "dot", "width": 2}
    words = {"xref": "x", "yref": "y domain", "y": 0, "yanchor": "bottom", "xanchor": "left", "showarrow": False}
    shape = {"type": "line", "xref": "x", "yref": "paper", "y0": below, "y1": 1, "line": line}
    return {
        "shapes": [{**shape, "x0": x, "x1": x} for x, _phase in changes],
        "annotations": [{**words, "text": phase_title(phase), "x": x, "font": {"size": 13}} for x, phase in changes],
    }


def _strip_axes(names: list[str], height: int) -> dict[str, Any]:
    """Both strips have one axis, which names the first layer, one in the middle and the last."""
    hidden = {"visible": False, "fixedrange": True}
    return {
        "xaxis2": {"type": "category", "tickvals": ends(names), "tickangle": 0, "anchor": "y4", "automargin": True},
        "yaxis3": {**hidden, "domain": [90 / height, 118 / height]},
        "yaxis4": {**hidden, "domain": [24 / height, 52 / height]},
    }


def _strip_titles(height: int) -> list[dict[str, Any]]:
    words = {"xref": "paper", "yref": "paper", "x": 0, "xanchor": "left", "yanchor": "bottom", "showarrow": False}
    places = (("drift", 118), ("gradient", 52))
    return [
        {**words, "y": top / height, "text": strip_title(measure), "font": {"size": 14}}  # type: ignore[arg-type]
        for measure, top in places
    ]


def _table(rows: Rows) -> list[dict[str, Any]]:
    return [
        {
            _("epoch"): row["epoch"],
            _("step"): phase_title(row["phase"]),
            **{
                f"{metric_title(metric)}: {part}": row[column]
                for metric in ("accuracy", "loss")
                for column, part in ((metric, _("training")), (f"val_{metric}", _("validation")))
            },
        }
        for row in rows
    ]


def _takeaway(rows: Rows, batches: Rows) -> str:
    if not rows:
        return _("First epoch: {batch} of {batches} batches.").format(
            batch=number(batches[-1]["batch"]), batches=number(batches[-1]["batches"])
        )
    last = rows[-1]
    return _("Epoch {epoch}: {train} of the training images right, {validation} of the validation images.").format(
        epoch=number(last["epoch"]),
        train=shown(last["accuracy"], "accuracy"),
        validation=shown(last["val_accuracy"], "accuracy"),
    )
