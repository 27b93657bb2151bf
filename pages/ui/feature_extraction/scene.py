"""What the views of the features look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tlcore.engine.tasks.datasets import DatasetPreview
from tlcore.engine.tasks.references import FeatureSubject

ANSWER_WAIT_S = 0.6  # most answers are there by then; for others the page shows their progress


@dataclass(frozen=True)
class Scene:
    """What the views look at.

    Attributes:
        data: The chosen images.
        subject: The base and the images, as the engine's tasks take them.
        count: Images of the set.
        layer: Name of the chosen layer.
        shape: (height, width, channels) of its output.
    """

    data: DatasetPreview
    subject: FeatureSubject
    count: int
    layer: str
    shape: tuple[int, int, int]

    @property
    def question(self) -> dict[str, Any]:
        """Arguments that every task about the layer takes."""
        return {"subject": self.subject, "layer": self.layer}
