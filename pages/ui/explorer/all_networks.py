"""All networks at once: a bubble chart, a table that filters, and what MACs and FLOPs are."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.ui.charts import chart
from pages.ui.explorer.table import localized
from pages.ui.i18n import _, number, percent
from pages.ui.messages import tag
from pages.ui.palette import colour
from pages.ui.state import EXPLORER_LARGEST, EXPLORER_NETWORK, EXPLORER_SMALLEST_ACCURACY
from tlcore.architectures import ArchitectureSummary, get_architecture, list_architectures
from tlcore.architectures.catalog import catalogued

NAMED = ("VGG16", "ResNet50", "AlexNet", "NASNetLarge", "EfficientNetB4")  # the others would lie on one another


def all_networks_tab(_summary: ArchitectureSummary) -> None:
    """Published accuracy against computed size and work."""
    rows = [row for name in list_architectures() if (row := network_row(name)) is not None]
    rows = _filtered(rows)
    if not rows:
        st.info(_("No network fits. Allow a larger file or a lower accuracy."))
        return
    _bubbles(rows)
    _table(rows)
    st.markdown(
        _(
            "**MACs and FLOPs.** One MAC is one multiplication and one addition, w·x + b step by step. FLOPs count "
            "both, so FLOPs ≈ 2 · MACs. Papers mix the two up: VGG16 is given as 15.5 G (MACs) or 31 G (FLOPs), for "
            "the same network."
        )
    )


@st.cache_data(show_spinner=False, max_entries=200)
def network_row(name: str) -> dict[str, Any] | None:
    """Plain figures of one network; None where nobody published an accuracy."""
    spec = get_architecture(name)
    summary = catalogued(name)
    if summary is None or spec.published is None or spec.published.top5 is None:
        return None
    return {
        "name": name,
        "title": spec.title,
        "year": spec.year,
        "top5": spec.published.top5,
        "size_mb": spec.published.size_mb or summary.total_params * 4 / 1e6,  # float32 where nobody published it
        "published_mb": spec.published.size_mb,
        "published_params": spec.published.parameters,
        "params": summary.total_params,
        "macs": summary.total_macs,
        "depth": spec.published.depth,
        "source": spec.published.source,
    }


def _filtered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    left, right = st.columns(2)
    largest = left.slider(_("At most this many MB"), 5, 1500, key=EXPLORER_LARGEST.widget(), persist_state="session")
    least = right.slider(
        _("Top-5 accuracy of at least (%)"),
        80.0,
        98.0,
        step=0.1,
        key=EXPLORER_SMALLEST_ACCURACY.widget(),
        persist_state="session",
    )
    return [row for row in rows if row["size_mb"] <= largest and 100 * row["top5"] >= least]


def _bubbles(rows: list[dict[str, Any]]) -> None:
    import plotly.graph_objects as go

    largest = max(row["params"] for row in rows)
    named = {max(rows, key=lambda row: row["top5"])["name"], min(rows, key=lambda row: row["macs"])["name"]}
    named |= {*NAMED, EXPLORER_NETWORK.get()}
    figure = go.Figure(
        go.Scatter(
            x=[row["macs"] / 1e9 for row in rows],
            y=[row["top5"] for row in rows],
            mode="markers+text",
            text=[row["title"] if row["name"] in named else "" for row in rows],
            hovertext=[row["title"] for row in rows],
            textposition="top center",
            textfont={"size": 12},
            customdata=[row["name"] for row in rows],
            marker={
                "size": [row["params"] for row in rows],
                "sizemode": "area",
                "sizeref": 2 * largest / 60**2,
                "sizemin": 5,
                "opacity": 0.65,
                "color": colour("accent"),
            },
            hovertemplate="%{hovertext}<br>%{y:.1%}<br>%{x:.2f} G MACs<extra></extra>",
        )
    )
    figure.update_layout(
        height=520,
        xaxis={"title": _("MACs for one image (G, logarithmic)"), "type": "log"},
        yaxis={"title": _("top-5 accuracy on ImageNet (published)"), "tickformat": ".0%"},
    )
    event = chart(figure, _takeaway(rows), [_shown(row) for row in rows], key="explorer-bubbles", on_select="rerun")
    st.caption(_("Area of a bubble: number of parameters. Point at one for its name; click it to open that network."))
    points = event.selection.points if event is not None else []
    if points and points[0].get("customdata"):
        name = points[0]["customdata"]
        name = name[0] if isinstance(name, list) else name
        st.button(
            _("Open {name}").format(name=get_architecture(name).title),
            on_click=EXPLORER_NETWORK.set,
            args=(name,),
            icon=":material/account_tree:",
        )


def _takeaway(rows: list[dict[str, Any]]) -> str:
    best = max(rows, key=lambda row: row["top5"])
    lightest = min(rows, key=lambda row: row["macs"])
    return _(
        "Most accurate of these {count}: {best} ({accuracy}). Least work: {lightest} ({macs} G MACs, {other})."
    ).format(
        count=len(rows),
        best=best["title"],
        accuracy=percent(best["top5"]),
        lightest=lightest["title"],
        macs=number(lightest["macs"] / 1e9, 2),
        other=percent(lightest["top5"]),
    )


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    sources = {"lecture": _("lecture's table"), "keras.io": "keras.io", "paper": _("paper")}
    return {
        _("network"): row["title"],
        _("year"): row["year"],
        _("top-5 accuracy (published)"): percent(row["top5"]),
        _("size in MB (published)"): row["published_mb"],
        _("parameters (published)"): row["published_params"],
        _("parameters (computed here)"): row["params"],
        _("difference"): row["params"] - row["published_params"] if row["published_params"] else None,
        _("G MACs (computed here)"): round(row["macs"] / 1e9, 2),
        _("depth (published)"): row["depth"],
        _("published by"): sources[row["source"]],
    }


def _table(rows: list[dict[str, Any]]) -> None:
    st.markdown(tag("published") + " " + tag("measured"))
    whole = (_("parameters (published)"), _("parameters (computed here)"), _("difference"))
    whole += (_("size in MB (published)"), _("depth (published)"))
    table = localized([_shown(row) for row in rows], whole, (_("G MACs (computed here)"),))
    st.dataframe(table, hide_index=True, width="stretch", key="explorer.all", placeholder="–")
