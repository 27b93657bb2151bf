"""Arguments of the engine's tasks, made from what the widgets say."""

from __future__ import annotations

from typing import Any

from pages.ui.common.i18n import _
from tlcore.architectures import get_architecture
from tlcore.engine.tasks.references import DatasetReference
from tlcore.training import TrainingSpec


def extraction_arguments(spec: TrainingSpec, data: DatasetReference) -> dict[str, Any]:
    """Of "extract_features"."""
    return {"base": spec.base, "weights": spec.weights, "data": data, "precision": spec.precision}


def training_arguments(spec: TrainingSpec, data: DatasetReference) -> dict[str, Any]:
    """Of "train", from the feature extraction page."""
    name = " · ".join([_(get_architecture(spec.base).title), _("Feature extraction")])
    return {"spec": spec, "data": data, "name": name}
