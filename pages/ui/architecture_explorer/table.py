"""The layer table: blocks with their totals, then layers; a clicked row opens."""

from __future__ import annotations

import csv
import io
from typing import Any

import streamlit as st

from pages.ui.architecture_explorer.state import BLOCK, LAYER, SEARCH
from pages.ui.architecture_explorer.subject import drift_of, trained_run
from pages.ui.common.i18n import _, amount_of_bytes, number
from tlcore.architectures.summary import ArchitectureSummary, LayerSummary
from tlcore.engine.tasks.trained_run import KeptRun
from tlcore.translatable import N_

ALL_BLOCKS = ""
HIGHEST_BLOCKS, ROW_HEIGHT = 340, 36  # pixels
_PLACE = "architecture_explorer-layers-table"
_SCROLL = """(() => {{
  let tries = 100;
  const scroll = () => {{
    const rows = document.querySelector('.st-key-{place} .dvn-scroller');
    if (!rows || rows.scrollHeight <= rows.clientHeight) {{ if (tries--) setTimeout(scroll, 50); return; }}
    const below = {top} - rows.scrollTop;
    if (below < 0 || below > rows.clientHeight - 3 * {height}) rows.scrollTop = {top} - 3 * {height};
  }};
  scroll();
}})()"""
COLUMNS = (
    *("name", "output", "params", "share", "type", "window", "trainable", "macs", "memory", "field", "stride"),
    *("from", "block"),
)
_TENSORS_HELP = N_("A layer with kernel and bias has two tensors. The lecture counts these: 30, then 4 after freezing.")
_DRIFT_HELP = N_("‖W − W₀‖ / ‖W₀‖: how far training moved the weights, against their size. Frozen: exactly 0.")
_MACS_HELP = N_("Multiply-accumulate operations. One MAC is one multiplication and one addition, so FLOPs ≈ 2 · MACs.")


def totals(summary: ArchitectureSummary) -> None:
    """The numbers of the whole network."""
    figures = (
        (_("Parameters"), number(summary.total_params), None),
        (_("of these, trainable"), number(summary.trainable_params), None),
        (_("Trainable tensors"), number(summary.trainable_tensors), _TENSORS_HELP),
        (_("MACs for one image"), short(summary.total_macs), _MACS_HELP),
        (_("Output"), shape(summary.output_shape), None),
    )
    with st.container(horizontal=True, gap="small"):
        for label, value, explained in figures:
            st.metric(label, value, help=explained and _(explained), width="content")


def short(value: float) -> str:
    """A large count with its unit: 15.3 G."""
    for unit, size in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if value >= size:
            return f"{number(value / size, 2)} {unit}"
    return number(value)


def shape(dimensions: tuple[int | None, ...]) -> str:
    """(4, 4, 512) as "4 × 4 × 512"."""
    return " × ".join("?" if size is None else number(size) for size in dimensions)


def blocks(summary: ArchitectureSummary) -> list[tuple[str, list[LayerSummary]]]:
    """Layers by block, in the order of the network."""
    layers_by_block: dict[str, list[LayerSummary]] = {}
    for layer in summary.layers:
        layers_by_block.setdefault(layer.block, []).append(layer)
    return list(layers_by_block.items())


def block_rows(summary: ArchitectureSummary) -> list[dict[str, Any]]:
    return [
        {
            "block": name,
            "layers": len(layers),
            "output": shape(layers[-1].output_shape),
            "params": sum(layer.num_params for layer in layers),
            "share": _share(sum(layer.num_params for layer in layers), summary.total_params),
            "macs": sum(layer.macs for layer in layers),
            "macs_share": _share(sum(layer.macs for layer in layers), summary.total_macs),
        }
        for name, layers in blocks(summary)
    ]


def layer_row(layer: LayerSummary, summary: ArchitectureSummary) -> dict[str, Any]:
    return {
        "name": layer.name,
        "type": layer.type,
        "block": layer.block,
        "window": window(layer),
        "output": shape(layer.output_shape),
        "params": layer.num_params,
        "trainable": layer.num_trainable_params,
        "share": _share(layer.num_params, summary.total_params),
        "macs": layer.macs,
        "memory": amount_of_bytes(layer.activation_bytes),
        "field": f"{layer.receptive_field[0]} × {layer.receptive_field[1]}",
        "stride": f"{layer.effective_stride[0]} × {layer.effective_stride[1]}",
        "from": ", ".join(layer.connected_to),
    }


def training_columns(run: KeptRun | None, layer: LayerSummary) -> dict[str, Any]:
    """Of a network that was trained here: frozen or trained, and how far it moved; nothing of others."""
    if run is None:
        return {}
    if not layer.num_params:
        return {"state": "", "drift": None}
    drift = drift_of(run, layer.name)
    state = "✎ " + _("trained") if layer.num_trainable_tensors else "❄ " + _("frozen")
    return {"state": state, "drift": None if drift is None else 100 * drift}


def window(layer: LayerSummary) -> str:
    """Kernel, stride and padding in one cell: "3×3, s=1, same"."""
    if not layer.kernel_size:
        return ""
    parts = ["×".join(map(str, layer.kernel_size))]
    if layer.strides:
        parts.append(f"s={layer.strides[0]}" if len(set(layer.strides)) == 1 else f"s={layer.strides}")
    if layer.padding:
        parts.append(layer.padding)
    return ", ".join(parts)


def block_table(summary: ArchitectureSummary) -> None:
    """One row a block; a clicked row keeps only its layers in the table below."""
    rows = block_rows(summary)
    columns = {
        "block": st.column_config.TextColumn(_("block")),
        "layers": st.column_config.NumberColumn(_("layers")),
        "output": st.column_config.TextColumn(_("output")),
        "params": number_column(_("parameters")),
        "share": st.column_config.ProgressColumn(_("share of the parameters"), format="percent", max_value=1),
        "macs": number_column(_("MACs")),
        "macs_share": st.column_config.ProgressColumn(_("share of the MACs"), format="percent", max_value=1),
    }
    present = [index for index, row in enumerate(rows) if row["block"] == BLOCK.get()]
    event = st.dataframe(
        localized(rows, ("params", "macs")),
        column_config=columns,
        hide_index=True,
        height=min(HIGHEST_BLOCKS, 46 + 36 * len(rows)),
        on_select="rerun",
        selection_mode="single-row",
        selection_default={"selection": {"rows": present}},
        key=f"architecture_explorer.blocks.{summary.architecture}.{BLOCK.get()}",
        alt=_("Blocks of {name}").format(name=summary.architecture),
    )
    chosen = event.selection.rows
    BLOCK.set(rows[chosen[0]]["block"] if chosen and chosen[0] < len(rows) else ALL_BLOCKS)


def layer_table(summary: ArchitectureSummary) -> None:
    """One row a layer; a clicked row becomes the chosen layer."""
    st.text_input(
        _("Search by name or type"),
        key=SEARCH.widget(),
        placeholder="conv, BatchNormalization, block5 …",
        icon=":material/search:",
    )
    run, table_place = trained_run(), st.container(key=_PLACE)
    rows = [layer_row(layer, summary) | training_columns(run, layer) for layer in matching(summary)]
    if not rows:
        st.info(_("No layer matches. Clear the search to see all of them."))
        return
    selected = [index for index, row in enumerate(rows) if row["name"] == LAYER.get()]
    if selected:
        _scroll_to(selected[0])
    event = table_place.dataframe(
        localized(rows, ("params", "trainable", "macs")),
        column_config=_layer_columns(),
        column_order=COLUMNS if run is None else (*COLUMNS[:3], "state", "drift", *COLUMNS[3:]),
        hide_index=True,
        height=min(560, 46 + ROW_HEIGHT * len(rows)),
        on_select="rerun",
        selection_mode="single-row",
        selection_default={"selection": {"rows": selected}},
        key=f"architecture_explorer.layers.{summary.architecture}.{BLOCK.get()}.{SEARCH.get()}",
        alt=_("Layers of {name}").format(name=summary.architecture),
    )
    if event.selection.rows and event.selection.rows[0] < len(rows):
        LAYER.set(rows[event.selection.rows[0]]["name"])
    st.download_button(
        _("Download the table (CSV)"),
        lambda: as_csv(summary),
        file_name=f"{summary.architecture}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def _scroll_to(row: int) -> None:
    """Brings a row into view that a link or another tab has chosen: Streamlit's tables begin at their first."""
    script = _SCROLL.format(place=_PLACE, top=row * ROW_HEIGHT, height=ROW_HEIGHT)
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)


def localized(rows: list[dict[str, Any]], whole: tuple[str, ...], decimal: tuple[str, ...] = ()) -> Any:
    """A table of Arrow, whose numbers have the separators of the page's language and still sort as numbers.

    The numbers become texts of equal width, filled up with blanks on the left: sorted as texts they are sorted as
    numbers. Streamlit's number columns have the separators of the browser's language, whatever the page's is; pandas'
    Styler takes a second for the thousand rows of the longest network.

    Args:
        rows: One mapping a row.
        whole: Columns of whole numbers.
        decimal: Columns that get two decimals.
    """
    import pyarrow

    columns: dict[str, Any] = {name: [row[name] for row in rows] for name in rows[0]}
    for name in (*whole, *decimal):
        decimals = 2 if name in decimal else 0
        texts = ["–" if value is None else number(value, decimals) for value in columns[name]]
        width = max(map(len, texts))
        columns[name] = [text.rjust(width) for text in texts]
    return pyarrow.table(columns)


def number_column(title: str, *, help: str | None = None) -> Any:
    """Of a column that `localized` made."""
    return st.column_config.TextColumn(title, alignment="right", help=help)


def matching(summary: ArchitectureSummary) -> list[LayerSummary]:
    """Layers of the chosen block whose name or type has what was searched for."""
    searched = SEARCH.get().strip().casefold()
    block = BLOCK.get()
    return [
        layer
        for layer in summary.layers
        if block in (ALL_BLOCKS, layer.block) and searched in f"{layer.name} {layer.type}".casefold()
    ]


def as_csv(summary: ArchitectureSummary) -> str:
    """The whole table with plain numbers."""
    file = io.StringIO()
    fields = list(LayerSummary.__dataclass_fields__)
    writer = csv.writer(file)
    writer.writerow(fields)
    writer.writerows([[getattr(layer, field) for field in fields] for layer in summary.layers])
    return file.getvalue()


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _layer_columns() -> dict[str, Any]:
    config = st.column_config
    return {
        "name": config.TextColumn(_("layer"), pinned=True),
        "type": config.TextColumn(_("type")),
        "block": config.TextColumn(_("block")),
        "window": config.TextColumn(_("window, stride, padding")),
        "output": config.TextColumn(_("output")),
        "params": number_column(_("parameters")),
        "trainable": number_column(_("of these, trainable")),
        "state": config.TextColumn(_("state")),
        "drift": config.NumberColumn(_("drift (%)"), format="localized", help=_(_DRIFT_HELP)),
        "share": config.ProgressColumn(_("share of the total"), format="percent", max_value=1),
        "macs": number_column(_("MACs")),
        "memory": config.TextColumn(_("memory"), help=_("Size of the output for one image in float32.")),
        "field": config.TextColumn(_("receptive field"), help=_("Pixels of the input that one output value sees.")),
        "stride": config.TextColumn(_("stride so far")),
        "from": config.TextColumn(_("reads from")),
    }
