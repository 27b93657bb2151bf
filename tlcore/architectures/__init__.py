"""Networks: what is known of them (registry), their tables (`describe`), and how they are built (`build_network`)."""

from __future__ import annotations

from .build import build_network
from .catalog import catalogued
from .comparison import ComputedFigures, NetworkFigures, comparison_csv, comparison_table
from .depth import Depths, depths
from .describe import describe
from .receptive_field import Box, receptive_field_box
from .registry import PROPOSED_BASE, get_architecture, list_architectures
from .serialization import summary_from_plain, summary_to_plain
from .specification import ArchitectureSpec, PublishedFigures, WeightsFiles
from .summary import ArchitectureSummary, LayerSummary
from .tables import describe_model

__all__ = [
    "PROPOSED_BASE",
    "ArchitectureSpec",
    "ArchitectureSummary",
    "Box",
    "ComputedFigures",
    "Depths",
    "LayerSummary",
    "NetworkFigures",
    "PublishedFigures",
    "WeightsFiles",
    "build_network",
    "catalogued",
    "comparison_csv",
    "comparison_table",
    "depths",
    "describe",
    "describe_model",
    "get_architecture",
    "list_architectures",
    "receptive_field_box",
    "summary_from_plain",
    "summary_to_plain",
]
