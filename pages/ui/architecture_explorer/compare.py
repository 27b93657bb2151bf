"""Two networks side by side, aligned by stage: the layers that give images of the same size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.ui.architecture_explorer.catalog import base_reference, summary_for
from pages.ui.architecture_explorer.state import SECOND
from pages.ui.architecture_explorer.subject import trained_run
from pages.ui.architecture_explorer.table import short
from pages.ui.common.charts import chart
from pages.ui.common.controls import select_one
from pages.ui.common.i18n import _, amount_of_bytes, number
from pages.ui.common.palette import colour
from tlcore.architectures import ArchitectureSummary, LayerSummary, get_architecture, list_architectures
from tlcore.architectures.depth import depths


@dataclass(frozen=True)
class Stage:
    """The layers of a network whose output is a `scale`-th of the input in height."""

    scale: int
    layers: int
    channels: int
    params: int
    macs: int
    memory: int
    field: int


def compare_tab(summary: ArchitectureSummary) -> None:
    """The chosen network against a second one, at the same size where it can be."""
    names = [name for name in list_architectures() if name != summary.architecture]
    titles = {name: _(get_architecture(name).title) for name in names}
    run = trained_run()
    own_size = run is None and summary.input_shape[0] == get_architecture(summary.architecture).default_input_shape[0]
    second = select_one(_("Compare with"), titles, SECOND)
    size = _size_for(second, own_size, summary.input_shape[0])
    other = summary_for(base_reference(second, size, summary.include_top))
    if other is None:
        return
    _totals(summary, other)
    _stages(summary, other)


def _size_for(name: str, own_size: bool, size: int) -> int:
    """The same size for both, unless the first is at its own or the second cannot be so small."""
    spec = get_architecture(name)
    return spec.default_input_shape[0] if own_size or size < spec.min_size else size


def _totals(one: ArchitectureSummary, other: ArchitectureSummary) -> None:
    st.caption(
        _("{one} at {size} × {size}, {other} at {other_size} × {other_size}; computed here.").format(
            one=one.architecture, size=one.input_shape[0], other=other.architecture, other_size=other.input_shape[0]
        )
    )
    rows = [
        {
            _("figure"): label,
            one.architecture: show(a),
            other.architecture: show(b),
            _("difference"): _signed(b - a, show),
            _("ratio"): f"{number(b / a, 2 if b >= a / 10 else 4)}×" if a else "–",
        }
        for label, a, b, show in _figures(one, other)
    ]
    with st.container(key="architecture_explorer-totals"):  # on a phone, each name stands above its numbers
        st.table(rows, border="horizontal")


def _signed(value: int, show: Any) -> str:
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{show(abs(value))}"


def _figures(one: ArchitectureSummary, other: ArchitectureSummary) -> list[tuple[str, int, int, Any]]:
    def both(measure: Any) -> tuple[int, int]:
        return measure(one), measure(other)

    return [
        (_("Parameters"), *both(lambda s: s.total_params), number),
        (_("MACs for one image"), *both(lambda s: s.total_macs), short),
        (_("All outputs in memory"), *both(lambda s: sum(x.activation_bytes for x in s.layers)), amount_of_bytes),
        (_("Layers in the table"), *both(lambda s: len(s.layers)), number),
        (_("Depth: layers with parameters"), *both(lambda s: depths(s).parameter_layers), number),
        (_("Depth: convolutions and dense layers on a path"), *both(lambda s: depths(s).weighted_path), number),
        (_("Depth: all layers on the longest path"), *both(lambda s: depths(s).longest_path), number),
        (_("Receptive field at the end (pixels)"), *both(last_receptive_field), number),
    ]


def last_receptive_field(summary: ArchitectureSummary) -> int:
    maps = [layer for layer in summary.layers if len(layer.output_shape) == 3]
    return maps[-1].receptive_field[0] if maps else 0


def stages(summary: ArchitectureSummary) -> list[Stage]:
    """Layers grouped by how much smaller their output is than the input; 0 for vectors."""
    groups: dict[int, list[LayerSummary]] = {}
    height = summary.input_shape[0]
    for layer in summary.layers:
        shape = layer.output_shape
        scale = round(height / shape[0]) if len(shape) == 3 and shape[0] else 0
        groups.setdefault(scale if len(shape) == 3 and (shape[0] or 0) > 1 else 0, []).append(layer)
    return [_stage(scale, layers) for scale, layers in sorted(groups.items(), key=lambda item: (item[0] == 0, item[0]))]


def _stage(scale: int, layers: list[LayerSummary]) -> Stage:
    return Stage(
        scale,
        len(layers),
        layers[-1].output_shape[-1] or 0,
        sum(layer.num_params for layer in layers),
        sum(layer.macs for layer in layers),
        sum(layer.activation_bytes for layer in layers),
        max(layer.receptive_field[0] for layer in layers),
    )


def _stages(one: ArchitectureSummary, other: ArchitectureSummary) -> None:
    import plotly.graph_objects as go

    first, second = ({stage.scale: stage for stage in stages(summary)} for summary in (one, other))
    scales = sorted({*first, *second}, key=lambda scale: (scale == 0, scale))
    labels = [_("vectors") if scale == 0 else f"1/{scale}" for scale in scales]
    figure = go.Figure()
    for summary, by_scale, meaning in ((one, first, "train"), (other, second, "validation")):
        values = [by_scale[scale].params if scale in by_scale else 0 for scale in scales]
        figure.add_bar(x=labels, y=values, name=summary.architecture, marker_color=colour(meaning))
    figure.update_layout(
        barmode="group",
        height=340,
        xaxis={"title": _("size of the output against the input"), "type": "category"},
        yaxis={"title": _("parameters")},
    )
    rows = [
        {
            _("stage"): label,
            **_stage_row(one.architecture, first.get(scale)),
            **_stage_row(other.architecture, second.get(scale)),
        }
        for label, scale in zip(labels, scales, strict=True)
    ]
    chart(figure, _takeaway(one, other, first, second), rows, key="architecture_explorer-stages")


def _stage_row(name: str, stage: Stage | None) -> dict[str, Any]:
    figures = {
        _("layers"): stage.layers if stage else None,
        _("channels"): stage.channels if stage else None,
        _("parameters"): stage.params if stage else None,
        _("MACs"): stage.macs if stage else None,
        _("memory"): amount_of_bytes(stage.memory) if stage else None,
        _("receptive field"): stage.field if stage else None,
    }
    return {f"{name}: {label}": value for label, value in figures.items()}


def _takeaway(
    one: ArchitectureSummary, other: ArchitectureSummary, first: dict[int, Stage], second: dict[int, Stage]
) -> str:
    larger, smaller = (one, other) if one.total_params >= other.total_params else (other, one)
    stages = first if larger is one else second
    top = max(stages.values(), key=lambda stage: stage.params)
    where = _("in its dense layers") if top.scale == 0 else _("where the image is 1/{scale}").format(scale=top.scale)
    times = number(larger.total_params / max(1, smaller.total_params), 2)
    text = _("{larger} has {times} times the parameters of {smaller}; most of them sit {where}.")
    return text.format(larger=larger.architecture, times=times, smaller=smaller.architecture, where=where)
