"""Networks that are reused, and what of them is trained. Imports tensorflow only when something is built."""

from ..weights.sources import WeightsSource, available_weights
from .base import BaseInfo, build_base

__all__ = ["BaseInfo", "WeightsSource", "available_weights", "build_base"]
