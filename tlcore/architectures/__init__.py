"""Networks: what is known of them (registry), their tables (`describe`), and how they are built (`build_network`)."""

from __future__ import annotations

from .build import build_network
from .registry import get_architecture, list_architectures
from .specification import ArchitectureSpec, PublishedFigures, WeightsFiles
from .summary import ArchitectureSummary, LayerSummary

__all__ = [
    "ArchitectureSpec",
    "ArchitectureSummary",
    "LayerSummary",
    "PublishedFigures",
    "WeightsFiles",
    "build_network",
    "get_architecture",
    "list_architectures",
]
