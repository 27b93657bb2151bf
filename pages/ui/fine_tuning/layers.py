"""The network as a strip, one cell a layer: how far its weights have moved, how large its gradient is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pages.ui.common.i18n import _, number, percent
from pages.ui.common.palette import colour

Measure = Literal["drift", "gradient"]
_MOST_CELLS = 40


def strip_title(measure: Measure) -> str:
    return _("drift ‖W − W₀‖ / ‖W₀‖") if measure == "drift" else _("norm of the gradient")


def strip_cells(shown: Mapping[str, float], measure: Measure, axis: str) -> list[dict[str, Any]]:
    """One row of the frozen cells, one of the trained, as plotly's JSON, each with gaps for the other.

    Args:
        shown: The layers in the network's order: ||W - W0|| / ||W0||, or the norm of the gradient; the frozen ones 0.
        measure: Which of the two.
        axis: On which it is drawn, "y3" for example.
    """
    frozen = _cells(shown, [1.0 if value == 0.0 else None for value in shown.values()], [colour("frozen")] * 2)
    frozen["hovertemplate"] = "%{x}: " + _("frozen") + "<extra></extra>"
    moved = _cells(shown, [value or None for value in shown.values()], [colour("surface"), colour("trainable")])
    number_format = ".2~p" if measure == "drift" else ".3~g"
    moved |= {"hovertemplate": f"%{{x}}: %{{z:{number_format}}}<extra></extra>", "zmin": 0.0}
    return [cells | {"xaxis": "x2", "yaxis": axis} for cells in (frozen, moved)]


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


def ends(names: list[str]) -> list[str]:
    """The first layer, one in the middle and the last: more words would lie on one another."""
    return [names[0], names[len(names) // 2], names[-1]]


def grouped(order: list[str], values: Mapping[str, float]) -> dict[str, float]:
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


def layer_rows(drift: Mapping[str, float], gradient: Mapping[str, float]) -> list[dict[str, Any]]:
    """The numbers of both strips as one table."""
    return [
        {
            _("layer"): name,
            strip_title("drift"): value,
            strip_title("gradient"): gradient[name],
            _("state"): _state(value),
        }
        for name, value in drift.items()
    ]


def strip_takeaway(drift: Mapping[str, float]) -> str:
    """Which layer moved most, and how many did not move."""
    name, largest = max(drift.items(), key=lambda item: item[1])
    share = percent(largest, 1 if largest >= 0.01 else 4)
    most = _("{layer} moved most, by {drift} of its size.").format(layer=name, drift=share)
    still = sum(value == 0.0 for value in drift.values())
    rest = _("{still} of {total} layers did not move at all.")
    return f"{most} {rest.format(still=number(still), total=number(len(drift)))}" if still else most
