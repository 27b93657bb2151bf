"""Networks that are reused, and finished runs on disk. Imports tensorflow only when something is built."""

from ..weights.sources import WeightsSource, available_weights
from .base import BaseInfo, build_base
from .document import ProjectDocument
from .project import load_project, read_project_summary, save_project

__all__ = [
    "BaseInfo",
    "ProjectDocument",
    "WeightsSource",
    "available_weights",
    "build_base",
    "load_project",
    "read_project_summary",
    "save_project",
]
