"""How well strange photos are told from known ones, as it was measured: what `python -m benchmarks unknown` printed."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

COMMAND = "python -m benchmarks unknown --json"
_FILE = Path(__file__).with_name("unknown.json")


class UnknownClasses(BaseModel):
    """Means over all classes of TrashNet, each left out once; all but the numbers of classes and draws in percent.

    Attributes:
        confidence: AUROC of the network's own probability: of a strange and a known photo, how often it is less sure
            of the strange one; 50 is guessing.
        neighbours, mahalanobis: AUROC of the two distances of `FamiliarityMeter`.
        neighbours_found: Of the strange photos, how many lie beyond the threshold.
        neighbours_false: Of the known ones, how many do.
        classes: That were left out, one after the other.
        seeds: Draws of the training images.
        base: Whose features.
    """

    model_config = ConfigDict(frozen=True)

    confidence: float
    neighbours: float
    mahalanobis: float
    neighbours_found: float
    neighbours_false: float
    classes: int
    seeds: int
    base: str


@lru_cache(maxsize=1)
def measured_unknown_classes() -> UnknownClasses:
    """The figures that ship with this package."""
    results = json.loads(_FILE.read_text("utf-8"))["results"]
    return UnknownClasses.model_validate(next(row for row in results if row["case"] == "mean"))
