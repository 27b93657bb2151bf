"""The network as a graph: blocks, or the layers inside one block, with branches and additions visible."""

from __future__ import annotations

import streamlit as st

from pages.ui.architecture_explorer.state import GRAPH_BLOCK
from pages.ui.architecture_explorer.table import ALL_BLOCKS, blocks, shape
from pages.ui.common.i18n import _, ngettext, number
from pages.ui.common.palette import colour
from pages.ui.common.picture_files import files_of_shown
from tlcore.architectures.summary import ArchitectureSummary, LayerSummary

MERGES = ("Add", "Concatenate", "Multiply", "Average", "Maximum")
LARGEST_GRAPH = 150
SHOWN_GRAPH = "[data-testid=stGraphVizChart] svg"


def graph_tab(summary: ArchitectureSummary) -> None:
    """Graph of the blocks, or of one block's layers."""
    names = [name for name, _layers in blocks(summary)]
    chosen = st.selectbox(
        _("What to draw"),
        [ALL_BLOCKS, *names],
        format_func=lambda name: name or _("the blocks of the whole network"),
        key=GRAPH_BLOCK.widget([ALL_BLOCKS, *names]),
    )
    source, drawn = block_graph(summary) if chosen == ALL_BLOCKS else layer_graph(summary, chosen)
    takeaway = graph_takeaway(summary, chosen)
    st.markdown(f"**{takeaway}**")
    if drawn > LARGEST_GRAPH:
        st.info(
            _("{count} boxes are too many to read. Choose one block, or use the layer table.").format(
                count=number(drawn)
            )
        )
        return
    st.graphviz_chart(source, width="content", alt=takeaway)
    name = f"{summary.architecture} {chosen}".strip()
    with st.container(horizontal=True):
        files_of_shown(SHOWN_GRAPH, name, key="architecture_explorer.graph")
        st.download_button(
            _("Download the graph (DOT)"),
            source,
            file_name=f"{name}.dot",
            icon=":material/download:",
            on_click="ignore",
        )


def block_graph(summary: ArchitectureSummary) -> tuple[str, int]:
    """DOT source and the number of boxes."""
    home = {layer.name: layer.block for layer in summary.layers}
    edges = dict.fromkeys(
        (home[source], layer.block)
        for layer in summary.layers
        for source in layer.connected_to
        if source in home and home[source] != layer.block
    )
    nodes = [_block_node(name, layers) for name, layers in blocks(summary)]
    return _dot(nodes, [f"{_quoted(a)} -> {_quoted(b)};" for a, b in edges]), len(nodes)


def layer_graph(summary: ArchitectureSummary, block: str) -> tuple[str, int]:
    """DOT source of the layers of one block and of what they read from outside."""
    inside = {layer.name: layer for layer in summary.layers if layer.block == block}
    outside = {name for layer in inside.values() for name in layer.connected_to if name not in inside}
    nodes = [_layer_node(layer) for layer in inside.values()]
    nodes += [f'{_quoted(name)} [style="rounded,dashed"];' for name in sorted(outside)]
    edges = [f"{_quoted(a)} -> {_quoted(layer.name)};" for layer in inside.values() for a in layer.connected_to]
    return _dot(nodes, edges), len(nodes)


def graph_takeaway(summary: ArchitectureSummary, block: str) -> str:
    layers = [layer for layer in summary.layers if block in (ALL_BLOCKS, layer.block)]
    merges = [layer for layer in layers if layer.type in MERGES]
    if not merges:
        return _("One straight path: each layer reads only the one before it.")
    kinds = ", ".join(sorted({layer.type for layer in merges}))
    sentence = ngettext(
        "Not a straight path: in {count} place branches meet again ({kinds}).",
        "Not a straight path: in {count} places branches meet again ({kinds}).",
        len(merges),
    )
    return sentence.format(count=number(len(merges)), kinds=kinds)


def _block_node(name: str, layers: list[LayerSummary]) -> str:
    params = sum(layer.num_params for layer in layers)
    lines = [
        name,
        ngettext("{count} layer", "{count} layers", len(layers)).format(count=number(len(layers))),
        shape(layers[-1].output_shape),
        _("{count} parameters").format(count=number(params)),
    ]
    merged = any(layer.type in MERGES for layer in layers)
    return f"{_quoted(name)} [label={_quoted(chr(10).join(lines))}{_merge_style() if merged else ''}];"


def _layer_node(layer: LayerSummary) -> str:
    lines = [layer.name, layer.type, shape(layer.output_shape)]
    style = _merge_style() if layer.type in MERGES else ""
    return f"{_quoted(layer.name)} [label={_quoted(chr(10).join(lines))}{style}];"


def _merge_style() -> str:
    return f', color="{colour("trainable")}", penwidth=2.5'


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _dot(nodes: list[str], edges: list[str]) -> str:
    style = (
        f'bgcolor="transparent"; rankdir=TB; node [shape=box, style=rounded, fontname="sans-serif", fontsize=12, '
        f'color="{colour("frozen")}", fontcolor="{colour("text")}"]; edge [color="{colour("muted")}"];'
    )
    return "digraph {" + "\n".join([style, *nodes, *edges]) + "}"
