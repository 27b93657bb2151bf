"""The network as a graph: blocks, or the layers inside one block, with branches and additions visible."""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import Any

import streamlit as st

from pages.ui.architecture_explorer.state import GRAPH_BLOCK
from pages.ui.architecture_explorer.table import ALL_BLOCKS, blocks, shape
from pages.ui.common.i18n import _, ngettext, number
from pages.ui.common.palette import colour
from pages.ui.common.picture_files import files_of_shown
from tlcore.architectures.summary import ArchitectureSummary, LayerSummary

MERGES = ("Add", "Concatenate", "Multiply", "Average", "Maximum")
LARGEST_GRAPH = 150
_IN_A_ROW = 4
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
    """DOT source and the number of boxes; blocks that follow one another and are alike are one box."""
    home: dict[str, str] = {}
    nodes = {}
    for group in alike(blocks(summary)):
        name = group[0][0]
        nodes[name] = _block_node(
            [block for block, _layers in group], [layer for _b, layers in group for layer in layers]
        )
        home |= {layer.name: name for _block, layers in group for layer in layers}
    edges = dict.fromkeys(
        (home[source], home[layer.name])
        for layer in summary.layers
        for source in layer.connected_to
        if source in home and home[source] != home[layer.name]
    )
    return _dot(nodes, list(edges)), len(nodes)


def alike(parts: list[tuple[str, list[LayerSummary]]]) -> list[list[tuple[str, list[LayerSummary]]]]:
    """Neighbouring blocks with the same kinds of layers and maps of one size, put together."""

    def pattern(part: tuple[str, list[LayerSummary]]) -> tuple[Any, ...]:
        layers = part[1]
        return tuple(layer.type for layer in layers), layers[-1].output_shape[:-1]

    return [list(group) for _pattern, group in groupby(parts, pattern)]


def layer_graph(summary: ArchitectureSummary, block: str) -> tuple[str, int]:
    """DOT source of the layers of one block and of what they read from outside."""
    inside = {layer.name: layer for layer in summary.layers if layer.block == block}
    outside = {name for layer in inside.values() for name in layer.connected_to if name not in inside}
    nodes = {name: f'{_quoted(name)} [style="rounded,dashed"];' for name in sorted(outside)}
    nodes |= {name: _layer_node(layer) for name, layer in inside.items()}
    edges = [(source, layer.name) for layer in inside.values() for source in layer.connected_to]
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


def _block_node(names: list[str], layers: list[LayerSummary]) -> str:
    params = sum(layer.num_params for layer in layers)
    several = [ngettext("{count} block alike", "{count} blocks alike", len(names)).format(count=number(len(names)))]
    lines = [
        names[0] if len(names) == 1 else f"{names[0]} – {names[-1]}",
        *(several if len(names) > 1 else []),
        ngettext("{count} layer", "{count} layers", len(layers)).format(count=number(len(layers))),
        shape(layers[-1].output_shape),
        _("{count} parameters").format(count=number(params)),
    ]
    merged = any(layer.type in MERGES for layer in layers)
    return f"{_quoted(names[0])} [label={_quoted(chr(10).join(lines))}{_merge_style() if merged else ''}];"


def _layer_node(layer: LayerSummary) -> str:
    lines = [layer.name, layer.type, shape(layer.output_shape)]
    style = _merge_style() if layer.type in MERGES else ""
    return f"{_quoted(layer.name)} [label={_quoted(chr(10).join(lines))}{style}];"


def _merge_style() -> str:
    return f', color="{colour("trainable")}", penwidth=2.5'


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _dot(nodes: dict[str, str], edges: list[tuple[str, str]]) -> str:
    """The graph: a straight path goes to and fro in rows, whatever branches goes down."""
    style = (
        f'bgcolor="transparent"; rankdir=TB; ranksep=0.35; nodesep=0.3; node [shape=box, style=rounded, '
        f'fontname="sans-serif", fontsize=12, color="{colour("frozen")}", fontcolor="{colour("text")}"]; '
        f'edge [color="{colour("muted")}"];'
    )
    path = _path(nodes, edges)
    lines = _rows_of(path) if len(path) > _IN_A_ROW else [f"{_quoted(a)} -> {_quoted(b)};" for a, b in edges]
    return "digraph {" + "\n".join([style, *nodes.values(), *lines]) + "}"


def _path(nodes: dict[str, str], edges: list[tuple[str, str]]) -> list[str]:
    """The names in order, if each of them reads only the one before it; else nothing."""
    following = dict(edges)
    starts = set(nodes) - {end for _start, end in edges}
    if len(following) != len(edges) or len(edges) != len(nodes) - 1 or len(starts) != 1:
        return []
    path = [starts.pop()]
    while path[-1] in following:
        path.append(following[path[-1]])
    return path if len(path) == len(nodes) else []


def _rows_of(path: list[str]) -> list[str]:
    """Edges of a path whose every second row goes back to the left."""
    rows = [path[start : start + _IN_A_ROW] for start in range(0, len(path), _IN_A_ROW)]
    lines = []
    for place, row in enumerate(rows):
        names = [_quoted(name) for name in row]
        lines.append("{rank=same; " + "; ".join(names) + "}")
        for one, other in pairwise(names):
            lines.append(f"{other} -> {one} [dir=back];" if place % 2 else f"{one} -> {other};")
        if place + 1 < len(rows):
            lines.append(f"{names[-1]} -> {_quoted(rows[place + 1][0])} [weight=100];")
    return lines
