"""Networks: what is known of them (registry), their tables (`describe`), and how they are built (`build_network`)."""

from __future__ import annotations

from .build import build_network
from .describe import describe
from .receptive_field import Box, receptive_field_box
from .registry import get_architecture, list_architectures
from .specification import ArchitectureSpec, PublishedFigures, WeightsFiles
from .summary import ArchitectureSummary, LayerSummary
from .tables import describe_model

__all__ = [
    "ArchitectureSpec",
    "ArchitectureSummary",
    "Box",
    "LayerSummary",
    "PublishedFigures",
    "WeightsFiles",
    "build_network",
    "describe",
    "describe_model",
    "get_architecture",
    "list_architectures",
    "receptive_field_box",
]
