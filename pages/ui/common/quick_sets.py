"""Small ready sets that a small machine learns in seconds, for whoever has brought no images."""

from __future__ import annotations

from tlcore.engine.tasks.references import DatasetReference

QUICK_SETS = {
    "helmets": DatasetReference(name="helmets", num_images=400, image_size=(150, 150)),
    "digits": DatasetReference(name="digits", num_images=120, image_size=(32, 32)),
}
