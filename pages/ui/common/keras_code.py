"""Keras code of what the widgets say, where no `TrainingSpec` says it already (see `tlcore.export.keras_code`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.ui.common.i18n import _
from tlcore.export import keras_code
from tlcore.training import TrainingSpec


def spec_code(spec: TrainingSpec, data: Mapping[str, Any] | None) -> str:
    """A training run on the chosen images, with comments in the language in use."""
    if data is None:
        return keras_code(spec, translate=_)
    height, width = data["image_size"]
    return keras_code(
        spec,
        input_shape=(height, width, 3),
        num_classes=len(data["class_names"]),
        data=None if "item" in data["reference"] else ready_set_code(data["reference"]),
        translate=_,
    )


def ready_set_code(reference: Mapping[str, Any]) -> str:
    """Loading of a set that comes with the program."""
    height, width = reference["image_size"]
    return (
        f"data = tlcore.load_dataset({reference['name']!r}, num_images={reference['num_images']}, "
        f"image_size=({height}, {width}), seed={reference['seed']})\n"
        "train_imagens, train_labels = data.train.images, data.train.labels  # uint8 (N, height, width, 3)\n"
        "val_imagens, val_labels = data.validation.images, data.validation.labels\n"
        "test_imagens, test_labels = data.test.images, data.test.labels\n"
    )
