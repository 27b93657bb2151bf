"""The network as a strip, one cell a layer: how far its weights have moved, how large its gradient is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pages.ui.common.charts import chart
from pages.ui.common.i18n import _, number, percent
from pages.ui.common.palette import colour

Measure = Literal["drift", "gradient"]
_MOST_CELLS = 40


def layer_strip(values: Mapping[str, float], measure: Measure, *, key: str, names: list[str] | None = None) -> None:
    """Draws the layers in the network's order: frozen ones blue, trained ones the darker the larger their value.

    Args:
        values: Layer -> ||W - W0|| / ||W0||, or the norm of its gradient.
        measure: Which of the two.
        key: Unique on the page.
        names: All layers in order, where `values` has only those that are trained.
    """
    shown = _grouped(names or list(values), values)
    title = _title(measure)
    rows = [{_("layer"): name, title: value, _("state"): _state(value)} for name, value in shown.items()]
    chart(strip_figure(shown, measure), _takeaway(shown, measure), rows, key=key)


def _title(measure: Measure) -> str:
    return _("drift ‖W − W₀‖ / ‖W₀‖") if measure == "drift" else _("norm of the gradient")


def strip_figure(shown: Mapping[str, float], measure: Measure) -> dict[str, Any]:
    """The strip as plotly's JSON: one row of the frozen cells, one of the trained, each with gaps for the other."""
    frozen = _cells(shown, [1.0 if value == 0.0 else None for value in shown.values()], [colour("frozen")] * 2)
    frozen["hovertemplate"] = "%{x}: " + _("frozen") + "<extra></extra>"
    moved = _cells(shown, [value or None for value in shown.values()], [colour("surface"), colour("trainable")])
    number_format = ".2~p" if measure == "drift" else ".3~g"
    moved |= {"hovertemplate": f"%{{x}}: %{{z:{number_format}}}<extra></extra>", "zmin": 0.0}
    layout = {
        "height": 150,
        "xaxis": {"type": "category", "tickvals": _ends(list(shown)), "tickangle": 0},
        "yaxis": {"visible": False},
        "title": {"text": _title(measure), "font": {"size": 14}},
    }
    return {"data": [frozen, moved], "layout": layout}


def _cells(shown: Mapping[str, float], cells: list[float | None], colours: list[str]) -> dict[str, Any]:
    """A row of the strip in which the empty cells are left to the other one."""
    return {
        "type": "heatmap",
        "x": list(shown),
        "y": [""],
        "z": [cells],
        "colorscale": [[0, colours[0]], [1, colours[1]]],
        "showscale": False,
        "xgap": 2,
    }


def _ends(names: list[str]) -> list[str]:
    """The first layer, one in the middle and the last: more words would lie on one another."""
    return [names[0], names[len(names) // 2], names[-1]]


def _grouped(order: list[str], values: Mapping[str, float]) -> dict[str, float]:
    """Layers, or in a deep network the largest value of each block."""
    if len(order) <= _MOST_CELLS:
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
