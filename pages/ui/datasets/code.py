"""Code that reads the chosen images."""

from __future__ import annotations

from pages.ui.common.keras_code import image_source
from pages.ui.common.state import DATASETS_CHOSEN
from pages.ui.datasets.state import KEEP_SPLIT, SEED, SIZE, SOURCE, UPLOAD, ready_reference
from tlcore.lesson_code import OwnImages, dataset_code


def chosen_images_code() -> str:
    """Reading of the chosen images."""
    size = (SIZE.get(), SIZE.get())
    if SOURCE.get() == UPLOAD:
        chosen = DATASETS_CHOSEN.get()
        names = chosen.class_names if chosen is not None and chosen.reference.is_brought else ()
        in_keras_order = list(names) == sorted(names)
        return dataset_code(OwnImages(size, SEED.get(), KEEP_SPLIT.get(), () if in_keras_order else names))
    return dataset_code(image_source(ready_reference(SOURCE.get()), size))
