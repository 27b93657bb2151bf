"""Whether a network is right as often as it says: its percentages against what came true on the test images."""

from __future__ import annotations

from math import sqrt

from pages.ui.common.charts import chart
from pages.ui.common.i18n import _, number, percent
from pages.ui.common.palette import colour
from tlcore.engine.tasks.trained_run import Calibration, RunMetrics

_LARGEST_POINT = 44  # pixels


def reliability_view(metrics: RunMetrics, calibration: Calibration, *, key: str) -> None:
    """The reliability diagram: how sure it was, and how often right."""
    bins = calibration.bins
    most = max(each.count for each in bins)
    perfect = {
        "type": "scatter",
        "x": [0, 1],
        "y": [0, 1],
        "mode": "lines",
        "name": _("as often right as it says"),
        "line": {"color": colour("muted"), "dash": "dash", "width": 2},
        "hoverinfo": "skip",
    }
    measured = {
        "type": "scatter",
        "x": [each.confidence for each in bins],
        "y": [each.accuracy for each in bins],
        "mode": "markers",
        "name": _("this network (the larger, the more images)"),
        "marker": {
            "size": [max(8, _LARGEST_POINT * sqrt(each.count / most)) for each in bins],
            "color": colour("accent"),
            "opacity": 0.8,
        },
        "cliponaxis": False,
        "hovertemplate": "%{x:.0%} → %{y:.0%}<extra></extra>",
    }
    layout = {
        "height": 360,
        "xaxis": {"title": _("how sure it was"), "range": [0, 1.03], "tickformat": ".0%"},
        "yaxis": {"title": _("how often it was right"), "range": [0, 1.03], "tickformat": ".0%"},
    }
    rows = [
        {
            _("range"): f"{percent(each.low, 0)} – {percent(each.high, 0)}",
            _("how sure it was"): percent(each.confidence),
            _("how often it was right"): percent(each.accuracy),
            _("images"): each.count,
        }
        for each in bins
    ]
    chart({"data": [perfect, measured], "layout": layout}, reliability_sentence(metrics, calibration), rows, key=key)


def reliability_sentence(metrics: RunMetrics, calibration: Calibration) -> str:
    """Too sure, too modest, or what this many images cannot tell apart."""
    count = sum(each.count for each in calibration.bins)
    sure = sum(each.count * each.confidence for each in calibration.bins) / count
    interval = metrics.wilson_interval
    if interval.low <= sure <= interval.high:
        text = _("It was {sure} sure on average and right in {right}: {count} images cannot tell the two apart.")
    elif sure > metrics.accuracy:
        text = _(
            "It was {sure} sure on average and right in {right} only, on {count} images: it is too sure of itself."
        )
    else:
        text = _(
            "It was {sure} sure on average and right in {right}, on {count} images: it is more modest than it need be."
        )
    gap = _("Over all images, percentage and truth lie {gap} percentage points apart (expected calibration error).")
    return (
        text.format(sure=percent(sure), right=percent(metrics.accuracy), count=number(count))
        + " "
        + gap.format(gap=number(100 * calibration.expected_calibration_error, 1))
    )
