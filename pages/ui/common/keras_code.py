"""Keras code of a training run on the chosen images."""

from __future__ import annotations

from tlcore.engine.tasks.datasets import DatasetPreview
from tlcore.engine.tasks.references import DatasetReference
from tlcore.lesson_code import OwnImages, ReadySet, keras_code
from tlcore.training import TrainingSpec


def spec_code(spec: TrainingSpec, data: DatasetPreview | None) -> str:
    """A training run on the chosen images."""
    if data is None:
        return keras_code(spec)
    return run_code(spec, data.reference, data.image_size, data.num_classes)


def run_code(spec: TrainingSpec, data: DatasetReference | None, image_size: tuple[int, int], num_classes: int) -> str:
    """A training run on these images."""
    source = image_source(data, image_size)
    return keras_code(spec, input_shape=(*image_size, 3), num_classes=num_classes, data=source)


def image_source(reference: DatasetReference | None, image_size: tuple[int, int]) -> ReadySet | OwnImages:
    """Where code outside of the program finds the images that a reference stands for; None for those not here."""
    if reference is None or reference.is_brought:
        changed = reference is not None and bool(reference.edition)
        return OwnImages(image_size, keep_split=changed)  # changed images are packed in the parts of their split
    return ReadySet(reference.name, reference.image_size, reference.seed, reference.num_images)
