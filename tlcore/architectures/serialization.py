"""Tables as plain values, for the catalog and for travelling between processes."""

from __future__ import annotations

from dataclasses import astuple, fields
from typing import Any

from .summary import ArchitectureSummary, LayerSummary

_TOTALS = tuple(field.name for field in fields(ArchitectureSummary) if field.name != "layers")


def summary_to_plain(summary: ArchitectureSummary) -> dict[str, Any]:
    """The table as dicts, lists, strings and numbers only."""
    plain: dict[str, Any] = {name: _listed(getattr(summary, name)) for name in _TOTALS}
    plain["layers"] = [layer_to_plain(layer) for layer in summary.layers]
    return plain


def summary_from_plain(plain: dict[str, Any]) -> ArchitectureSummary:
    """The table that `summary_to_plain` took apart."""
    totals = {name: _frozen(plain[name]) for name in _TOTALS}
    return ArchitectureSummary(**totals, layers=tuple(layer_from_plain(row) for row in plain["layers"]))


def layer_to_plain(layer: LayerSummary) -> list[Any]:
    """The fields of a row in their order."""
    return [_listed(value) for value in astuple(layer)]


def layer_from_plain(row: list[Any]) -> LayerSummary:
    """The row that `layer_to_plain` took apart."""
    return LayerSummary(*map(_frozen, row))


def _listed(value: Any) -> Any:
    return [_listed(part) for part in value] if isinstance(value, tuple) else value


def _frozen(value: Any) -> Any:
    return tuple(_frozen(part) for part in value) if isinstance(value, list) else value
