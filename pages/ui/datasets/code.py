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
        own = chosen if chosen is not None and chosen.reference.is_brought else None
        names = own.class_names if own is not None else ()
        in_keras_order = list(names) == sorted(names)
        keeps_split = KEEP_SPLIT.get() or (own is not None and bool(own.edits))  # changed images are packed in parts
        return dataset_code(OwnImages(size, SEED.get(), keeps_split, () if in_keras_order else names))
    return dataset_code(image_source(ready_reference(SOURCE.get()), size))
