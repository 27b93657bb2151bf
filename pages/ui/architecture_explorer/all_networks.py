"""All networks at once: a bubble chart, a table that filters, and what MACs and FLOPs are."""

from __future__ import annotations

from collections.abc import Callable
from math import log10, sqrt
from typing import Any

import streamlit as st

from pages.ui.architecture_explorer.controls import open_network
from pages.ui.architecture_explorer.facts import depth_words, source_words
from pages.ui.architecture_explorer.state import AXIS, LARGEST, NETWORK, SMALLEST_ACCURACY
from pages.ui.architecture_explorer.table import localized, number_column
from pages.ui.common.charts import chart
from pages.ui.common.controls import choose_one
from pages.ui.common.i18n import _, number, percent
from pages.ui.common.messages import tag
from pages.ui.common.palette import colour
from tlcore.architectures import ArchitectureSummary, NetworkFigures, comparison_csv, comparison_table, get_architecture
from tlcore.translatable import N_

NAMED = ("VGG16", "ResNet50", "AlexNet", "NASNetLarge")  # the others would lie on one another
LEAST_ACCURACY, MOST_ACCURACY = 80, 98
_LARGEST_BUBBLE = 60  # pixels
TICKS = [step * 10**power for power in range(-2, 4) for step in (1, 3)]
#: What the bubbles may be laid out by: title, figure of a network in the unit of the title.
AXES: dict[str, tuple[str, Callable[[NetworkFigures], float]]] = {
    "macs": (N_("MACs for one image (G, logarithmic)"), lambda row: row.computed.macs / 1e9),
    "parameters": (N_("parameters (millions, logarithmic)"), lambda row: row.computed.parameters / 1e6),
    "size": (N_("size in MB (logarithmic)"), lambda row: size_mb(row)),
}


def all_networks_tab(_summary: ArchitectureSummary) -> None:
    """Published accuracy against computed size and work."""
    rows = _filtered(comparison_table())
    if not rows:
        st.info(nothing_fits(LARGEST.get(), SMALLEST_ACCURACY.get()))
        return
    measured = [row for row in rows if top5(row) is not None]
    if measured:
        _bubbles(measured)
    _table(rows)
    st.markdown(
        _(
            "**MACs and FLOPs.** One MAC is one multiplication and one addition, w·x + b step by step. FLOPs count "
            "both, so FLOPs ≈ 2 · MACs. Papers mix the two up: VGG16 is given as 15.5 G (MACs) or 31 G (FLOPs), for "
            "the same network."
        )
    )


def top5(row: NetworkFigures) -> float | None:
    """Published top-5 accuracy on ImageNet; None where nobody published one."""
    return row.published.top5 if row.published else None


def size_mb(row: NetworkFigures) -> float:
    """Published size of the weights, else that of the parameters in float32."""
    published = row.published.size_mb if row.published else None
    return row.computed.size_mb if published is None else published


def _filtered(rows: list[NetworkFigures]) -> list[NetworkFigures]:
    left, right = st.columns(2)
    largest = left.slider(_("At most this many MB"), 5, 1500, key=LARGEST.widget(), persist_state="session")
    least = right.slider(
        _("Top-5 accuracy of at least (%)"),
        LEAST_ACCURACY,
        MOST_ACCURACY,
        key=SMALLEST_ACCURACY.widget(),
        persist_state="session",
        help=_("Networks of which no accuracy was published are listed only at the lowest setting, and not drawn."),
    )
    return [row for row in rows if size_mb(row) <= largest and _accurate(row, least)]


def nothing_fits(largest: int, least: int) -> str:
    """Names the nearest networks on both sides of limits that none keeps."""
    known = [row for row in comparison_table() if top5(row) is not None]
    accurate = [row for row in known if _accurate(row, least)]
    small = [row for row in known if size_mb(row) <= largest]
    text = [_("No network fits both limits.")]
    if accurate:
        row = min(accurate, key=size_mb)
        sentence = _("The smallest that is accurate enough is {name}: {size} MB, {accuracy}.")
        text.append(sentence.format(name=_(row.title), size=number(size_mb(row)), accuracy=percent(_accuracy(row))))
    if small:
        row = max(small, key=_accuracy)
        sentence = _("The most accurate that is small enough is {name}: {size} MB, {accuracy}.")
        text.append(sentence.format(name=_(row.title), size=number(size_mb(row)), accuracy=percent(_accuracy(row))))
    return " ".join(text)


def _accurate(row: NetworkFigures, least: int) -> bool:
    accuracy = top5(row)
    return least <= LEAST_ACCURACY if accuracy is None else 100 * accuracy >= least


def _bubbles(rows: list[NetworkFigures]) -> None:
    import plotly.graph_objects as go

    titles = {"macs": "MACs", "parameters": _("parameters"), "size": "MB"}
    axis = choose_one(_("Accuracy against"), titles, AXIS)
    title, figure_of = AXES[axis]
    largest = max(row.computed.parameters for row in rows)
    named = {max(rows, key=_accuracy).name, min(rows, key=lambda row: row.computed.macs).name}
    named |= {*NAMED, NETWORK.get()}
    figure = go.Figure(
        go.Scatter(
            x=[figure_of(row) for row in rows],
            y=[top5(row) for row in rows],
            mode="markers",
            hovertext=[_(row.title) for row in rows],
            cliponaxis=False,
            customdata=[row.name for row in rows],
            marker={
                "size": [row.computed.parameters for row in rows],
                "sizemode": "area",
                "sizeref": 2 * largest / _LARGEST_BUBBLE**2,
                "sizemin": 5,
                "opacity": 0.65,
                "color": colour("accent"),
            },
            hovertemplate="%{hovertext}<br>%{y:.1%}<br>%{x:.2f}<extra></extra>",
        )
    )
    figure.update_layout(
        height=520,
        xaxis={"title": _(title), "type": "log", "tickvals": TICKS},
        yaxis={"title": _("top-5 accuracy on ImageNet (published)"), "tickformat": ".0%"},
        annotations=[_name_of(row, figure_of(row), largest) for row in rows if row.name in named],
    )
    event = chart(
        figure, _takeaway(rows), [_shown(row) for row in rows], key="architecture_explorer-bubbles", on_select="rerun"
    )
    st.caption(_("Area of a bubble: number of parameters. Point at one for its name; click it to open that network."))
    _open_clicked(event)


def _name_of(row: NetworkFigures, x: float, largest: int) -> dict[str, Any]:
    """A name above its bubble and before all others, on a ground of its own."""
    radius = _LARGEST_BUBBLE / 2 * sqrt(row.computed.parameters / largest)
    return {
        "x": log10(x),
        "y": top5(row),
        "text": _(row.title),
        "yshift": radius,
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": 13, "color": colour("text")},
        "bgcolor": colour("surface"),
        "opacity": 0.9,
    }


def _open_clicked(event: Any) -> None:
    points = event.selection.points if event is not None else []
    if points and points[0].get("customdata"):
        name = points[0]["customdata"]
        name = name[0] if isinstance(name, list) else name
        st.button(
            _("Open {name}").format(name=_(get_architecture(name).title)),
            on_click=open_network,
            args=(name,),
            icon=":material/account_tree:",
        )


def _accuracy(row: NetworkFigures) -> float:
    return top5(row) or 0.0


def _takeaway(rows: list[NetworkFigures]) -> str:
    best = max(rows, key=_accuracy)
    lightest = min(rows, key=lambda row: row.computed.macs)
    return _(
        "Most accurate of these {count}: {best} ({accuracy}). Least work: {lightest} ({macs} G MACs, {other})."
    ).format(
        count=len(rows),
        best=_(best.title),
        accuracy=percent(_accuracy(best)),
        lightest=_(lightest.title),
        macs=number(lightest.computed.macs / 1e9, 2),
        other=percent(_accuracy(lightest)),
    )


def _shown(row: NetworkFigures) -> dict[str, Any]:
    published = row.published
    accuracy = top5(row)
    return {
        _("network"): _(row.title),
        _("year"): row.year,
        _("top-5 accuracy (published)"): "–" if accuracy is None else percent(accuracy),
        _("size in MB (published)"): published.size_mb if published else None,
        _("size in MB (computed here)"): row.computed.size_mb,
        _("parameters (published)"): published.parameters if published else None,
        _("parameters (computed here)"): row.computed.parameters,
        _("difference"): row.parameters_difference,
        _("G MACs (computed here)"): row.computed.macs / 1e9,
        _("depth (published)"): published.depth if published else None,
        _("how that depth was counted"): depth_words(row.depth_counted_as),
        _("published by"): source_words(published),
    }


def _table(rows: list[NetworkFigures]) -> None:
    text = _("The title of each column says whether its figures are {published} or {computed}.")
    st.markdown(text.format(published=tag("published"), computed=tag("computed")))
    counts = (_("parameters (published)"), _("parameters (computed here)"), _("difference"))
    whole = (*counts, _("size in MB (published)"), _("depth (published)"))
    decimal = (_("size in MB (computed here)"), _("G MACs (computed here)"))
    st.dataframe(
        localized([_shown(row) for row in rows], whole, decimal),
        column_config={name: number_column(name) for name in (*whole, *decimal)},
        hide_index=True,
        width="stretch",
        key="architecture_explorer.all",
    )
    st.download_button(
        _("Download the table (CSV)"),
        comparison_csv(rows),
        file_name="networks.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )
