"""One bar a layer: how far its weights have moved, how large its gradient is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pages.ui.common.charts import chart
from pages.ui.common.i18n import _, number, percent
from pages.ui.common.palette import colour

Measure = Literal["drift", "gradient"]
_MOST_BARS = 40


def layer_bars(values: Mapping[str, float], measure: Measure, *, key: str, names: list[str] | None = None) -> None:
    """Draws the layers in the network's order; those that are frozen have nothing, and the table says so.

    Args:
        values: Layer -> ||W - W0|| / ||W0||, or the norm of its gradient.
        measure: Which of the two.
        key: Unique on the page.
        names: All layers in order, where `values` has only those that are trained.
    """
    order = names or list(values)
    shown = _grouped(order, values)
    colours = [colour("dense" if name.startswith("head") else "trainable") for name in shown]
    bars = {"type": "bar", "x": list(shown), "y": list(shown.values()), "marker": {"color": colours}}
    title = _("drift ‖W − W₀‖ / ‖W₀‖") if measure == "drift" else _("norm of the gradient")
    layout = {
        "height": 280,
        "xaxis": {"type": "category", "tickangle": -60, "automargin": True},
        "yaxis": {"title": title, "tickformat": ".2~p" if measure == "drift" else "~g", "rangemode": "tozero"},
    }
    rows = [{_("layer"): name, title: value, _("state"): _state(value)} for name, value in shown.items()]
    chart({"data": [bars], "layout": layout}, _takeaway(shown, measure), rows, key=key)


def _grouped(order: list[str], values: Mapping[str, float]) -> dict[str, float]:
    """Layers, or in a deep network the largest value of each block."""
    if len(order) <= _MOST_BARS:
        return {name: values.get(name, 0.0) for name in order}
    groups: dict[str, float] = {}
    for name in order:
        group = name if name.startswith("head") else "_".join(name.split("_")[:2])
        groups[group] = max(groups.get(group, 0.0), values.get(name, 0.0))
    return groups


def _state(value: float) -> str:
    return _("trained") if value else _("frozen: exactly 0")


def _takeaway(values: Mapping[str, float], measure: Measure) -> str:
    name, largest = max(values.items(), key=lambda item: item[1])
    if measure == "drift":
        drift = percent(largest, 1 if largest >= 0.01 else 4)
        most = _("{layer} moved most, by {drift} of its size.").format(layer=name, drift=drift)
        rest = _("{still} of {total} layers did not move at all.")
    else:
        most = _("The largest gradient is in {layer}: {norm}.").format(layer=name, norm=number(largest, 3))
        rest = _("No gradient reaches {still} of {total} layers.")
    still = sum(value == 0.0 for value in values.values())
    return f"{most} {rest.format(still=number(still), total=number(len(values)))}" if still else most
