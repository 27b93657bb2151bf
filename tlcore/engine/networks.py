"""Networks that a worker keeps loaded, to predict with; read only, never trained."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

KEPT = 2


@lru_cache(maxsize=KEPT)
def trained_run(project: Path) -> Any:
    """The run of a project file; a file in the store never changes under the same path."""
    from ..models import load_project

    return load_project(project)


@lru_cache(maxsize=KEPT)
def base_with_top(name: str, weights: str | None) -> Any:
    """A base with its own classifier, at the network's own input size."""
    from ..architectures import get_architecture
    from ..models import build_base

    return build_base(name, input_shape=get_architecture(name).default_input_shape, weights=weights, include_top=True)
