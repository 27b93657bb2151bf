"""Code that reads the chosen images."""

from __future__ import annotations

from pages.ui.common.keras_code import image_source
from pages.ui.datasets.state import SEED, SIZE, SOURCE, UPLOAD, ready_reference
from tlcore.lesson_code import OwnImages, dataset_code


def chosen_images_code() -> str:
    """Reading of the chosen images."""
    size = (SIZE.get(), SIZE.get())
    if SOURCE.get() == UPLOAD:
        return dataset_code(OwnImages(size, SEED.get()))
    return dataset_code(image_source(ready_reference(SOURCE.get()), size))
