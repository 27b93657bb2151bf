"""Weights of a layer in numbers and as a histogram, and the filters of the first convolution as pictures."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.ui.architecture_explorer.picture import framed
from pages.ui.architecture_explorer.source import layer_control, network_source, title_with_weights
from pages.ui.architecture_explorer.state import INSPECT_ASKED, INSPECT_JOB
from pages.ui.architecture_explorer.table import shape
from pages.ui.common.charts import chart
from pages.ui.common.i18n import _, number, percent
from pages.ui.common.jobs import answer_to
from pages.ui.common.palette import colour
from pages.ui.common.pictures import show_picture
from tlcore.architectures.summary import ArchitectureSummary
from tlcore.engine.tasks.layers import LayerWeights
from tlcore.explanation import WeightStatistics

FILTER_SIDE = 44


def weights_tab(summary: ArchitectureSummary) -> None:
    """Numbers, histogram and filters of the network with its weights."""
    left, right = st.columns([3, 2])
    with left:
        network = network_source(summary)
    with right:
        layer = layer_control([layer.name for layer in summary.layers if layer.num_params])
    answer: LayerWeights | None = answer_to(
        INSPECT_JOB, INSPECT_ASKED, "inspect_weights", {"network": network, "layer": layer}
    )
    if answer is None:
        return
    for tensor in answer.tensors:
        _histogram(tensor, title_with_weights(tensor.name, network))
    _filters(answer.filters, title_with_weights(_("The filters of the first convolution, as colours"), network))


def _histogram(tensor: WeightStatistics, title: str) -> None:
    import plotly.graph_objects as go

    middles = [(low + high) / 2 for low, high in zip(tensor.edges, tensor.edges[1:], strict=False)]
    figure = go.Figure(go.Bar(x=middles, y=list(tensor.histogram), marker_color=colour("accent")))
    figure.update_layout(
        height=240, bargap=0.02, xaxis={"title": _("value")}, yaxis={"title": _("how many")}, title=title
    )
    takeaway = _("{name} ({shape}): {count} numbers around {mean}, spread {std}; {zeros} are exactly 0.").format(
        name=tensor.name,
        shape=shape(tensor.shape),
        count=number(tensor.count),
        mean=number(tensor.mean, 4),
        std=number(tensor.std, 4),
        zeros=percent(tensor.share_zero),
    )
    rows = [
        {_("measure"): _("minimum"), _("value"): tensor.minimum},
        {_("measure"): _("maximum"), _("value"): tensor.maximum},
        {_("measure"): _("mean"), _("value"): tensor.mean},
        {_("measure"): _("standard deviation"), _("value"): tensor.std},
    ]
    chart(figure, takeaway, rows, key=f"architecture_explorer-weights-{tensor.name}")


def _filters(filters: Any, title: str) -> None:
    st.markdown(f"**{title}**")
    pictures = [framed(picture, FILTER_SIDE) for picture in filters]
    numbers = [str(index) for index in range(len(pictures))]
    names = [_("filter {number}").format(number=index) for index in numbers]
    show_picture(pictures, caption=numbers, alt=names, width=FILTER_SIDE + 12)
    st.caption(_("Grey is 0. Trained filters show edges and colours; random ones show noise."))
