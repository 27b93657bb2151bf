"""What the views of the features look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ANSWER_WAIT_S = 0.6  # most answers are there by then; for others the page shows their progress


@dataclass(frozen=True)
class Scene:
    """What the views look at.

    Attributes:
        data: The chosen images, as "preview_dataset" returned them.
        subject: `base`, `weights` and `data` as the engine's tasks take them.
        count: Images of the set.
        layer: Name of the chosen layer.
        shape: (height, width, channels) of its output.
    """

    data: Mapping[str, Any]
    subject: Mapping[str, Any]
    count: int
    layer: str
    shape: tuple[int, int, int]

    @property
    def question(self) -> dict[str, Any]:
        """Arguments that every task about the layer takes."""
        return {**self.subject, "layer": self.layer}
