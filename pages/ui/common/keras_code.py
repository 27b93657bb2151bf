"""Keras code of what the widgets say, where no `TrainingSpec` says it already (see `tlcore.export.keras_code`)."""

from __future__ import annotations

from pages.ui.common.i18n import _
from tlcore.engine.tasks.datasets import DatasetPreview
from tlcore.engine.tasks.references import DatasetReference
from tlcore.export import keras_code
from tlcore.training import TrainingSpec


def spec_code(spec: TrainingSpec, data: DatasetPreview | None) -> str:
    """A training run on the chosen images, with comments in the language in use."""
    if data is None:
        return keras_code(spec, translate=_)
    return run_code(spec, data.reference, data.image_size, data.num_classes)


def run_code(spec: TrainingSpec, data: DatasetReference, image_size: tuple[int, int], num_classes: int) -> str:
    """A training run on these images."""
    return keras_code(
        spec,
        input_shape=(*image_size, 3),
        num_classes=num_classes,
        data=None if data.is_brought else ready_set_code(data),
        translate=_,
    )


def ready_set_code(reference: DatasetReference) -> str:
    """Loading of a set that comes with the program."""
    height, width = reference.image_size
    return (
        f"data = tlcore.load_dataset({reference.name!r}, num_images={reference.num_images}, "
        f"image_size=({height}, {width}), seed={reference.seed})\n"
        "train_imagens, train_labels = data.train.images, data.train.labels  # uint8 (N, height, width, 3)\n"
        "val_imagens, val_labels = data.validation.images, data.validation.labels\n"
        "test_imagens, test_labels = data.test.images, data.test.labels\n"
    )
