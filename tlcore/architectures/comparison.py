"""All networks side by side: what was published, what is computed here, and where the two differ."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .blocks import TOP
from .catalog import catalog_index
from .depth import depths
from .registry import get_architecture, list_architectures
from .specification import PublishedFigures
from .summary import ArchitectureSummary, LayerSummary

_BYTES_PER_MB = 2**20


@dataclass(frozen=True)
class ComputedFigures:
    """What is computed here of a network at its default size, one picture at a time.

    Attributes:
        parameters, base_parameters: With and without the top.
        macs, base_macs: Multiply-accumulate operations, with and without the top.
        size_mb: The parameters in float32, in MB of 2^20 bytes, which is what Keras's table shows.
        activation_mb: All outputs of all layers in float32.
        layers: Rows of the table with the top.
        longest_path, parameter_layers, weighted_path: Depth in three ways, see `tlcore.architectures.depth`.
        receptive_field: Of the last map before the top, in input pixels.
        feature_shape: Shape of that map.
    """

    parameters: int
    base_parameters: int
    macs: int
    base_macs: int
    size_mb: float
    activation_mb: float
    layers: int
    longest_path: int
    parameter_layers: int
    weighted_path: int
    receptive_field: tuple[int, int]
    feature_shape: tuple[int, ...]


@dataclass(frozen=True)
class NetworkFigures:
    """A network's row in the table of all networks."""

    name: str
    title: str
    family: str
    year: int
    input_shape: tuple[int, int, int]
    computed: ComputedFigures
    published: PublishedFigures | None

    @property
    def parameters_difference(self) -> int | None:
        """Computed minus published parameters; None where none are published."""
        published = self.published.parameters if self.published else None
        return None if published is None else self.computed.parameters - published

    @property
    def depth_counted_as(self) -> str | None:
        """Which count the published depth is: "longest_path", "parameter_layers", "weighted_path", or "other"."""
        published = self.published.depth if self.published else None
        if published is None:
            return None
        ways = ("longest_path", "parameter_layers", "weighted_path")
        return next((way for way in ways if getattr(self.computed, way) == published), "other")


def compute_figures(with_top: ArchitectureSummary, without_top: ArchitectureSummary) -> dict[str, Any]:
    """The entry of the catalog's index for a network.

    Args:
        with_top: Its table with the dense layers.
        without_top: And without them.

    Returns:
        The fields of `ComputedFigures`, as plain values.
    """
    counted = depths(with_top)
    last = _last_map(without_top)
    return {
        "parameters": with_top.total_params,
        "base_parameters": without_top.total_params,
        "macs": with_top.total_macs,
        "base_macs": without_top.total_macs,
        "size_mb": round(4 * with_top.total_params / _BYTES_PER_MB, 2),
        "activation_mb": round(sum(layer.activation_bytes for layer in with_top.layers) / _BYTES_PER_MB, 2),
        "layers": len(with_top.layers),
        "longest_path": counted.longest_path,
        "parameter_layers": counted.parameter_layers,
        "weighted_path": counted.weighted_path,
        "receptive_field": list(last.receptive_field),
        "feature_shape": list(last.output_shape),
    }


def _last_map(summary: ArchitectureSummary) -> LayerSummary:
    return [layer for layer in summary.layers if layer.block != TOP][-1]


def comparison_table(names: Iterable[str] | None = None) -> list[NetworkFigures]:
    """Every network's figures, without tensorflow.

    Args:
        names: Networks to list; None for all.

    Returns:
        One entry per network, in the order of the registry.

    Example:
        >>> small = [row for row in comparison_table() if row.computed.size_mb < 20]
    """
    index = catalog_index()
    return [_figures(name, index[name]) for name in (names or list_architectures())]


def _figures(name: str, entry: dict[str, Any]) -> NetworkFigures:
    spec = get_architecture(name)
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    return NetworkFigures(
        name=spec.name,
        title=spec.title,
        family=spec.family,
        year=spec.year,
        input_shape=spec.default_input_shape,
        computed=ComputedFigures(**values),
        published=spec.published,
    )


def comparison_csv(rows: Iterable[NetworkFigures]) -> str:
    """The table of all networks as CSV; each column's name says whether it was published or computed.

    Args:
        rows: From `comparison_table`.

    Returns:
        Text with a header line.
    """
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\n")
    published = ("source", "size_mb", "top1", "top5", "parameters", "depth")
    computed = tuple(ComputedFigures.__dataclass_fields__)
    head = ["name", "title", "family", "year", "input_shape"]
    writer.writerow([*head, *(f"published_{key}" for key in published), *(f"computed_{key}" for key in computed)])
    for row in rows:
        figures = [getattr(row.published, key) if row.published else None for key in published]
        values = [getattr(row.computed, key) for key in computed]
        cells = [row.name, row.title, row.family, row.year, row.input_shape, *figures, *values]
        writer.writerow(["x".join(map(str, cell)) if isinstance(cell, tuple) else cell for cell in cells])
    return output.getvalue()
