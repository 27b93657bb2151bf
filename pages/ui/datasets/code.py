"""Code that reads the chosen images."""

from __future__ import annotations

from pages.ui.common.i18n import _
from pages.ui.common.keras_code import ready_set_code
from pages.ui.datasets.state import SEED, SIZE, SOURCE, UPLOAD, ready_reference


def dataset_code() -> str:
    """Reading of the chosen images."""
    side, seed, source = SIZE.get(), SEED.get(), SOURCE.get()
    if source == UPLOAD:
        return (
            "from keras.utils import image_dataset_from_directory\n\n"
            "# " + _("one folder per class") + ": photos/hardhat/*.jpg, photos/no_hardhat/*.jpg\n"
            "train, val = image_dataset_from_directory(\n"
            f"    'photos', image_size=({side}, {side}), crop_to_aspect_ratio=True, label_mode='int',\n"
            f"    validation_split=0.4, subset='both', seed={seed})\n\n"
            "# " + _("the same images, split and cleaned as on this page") + "\n"
            "import tlcore\n"
            f"data = tlcore.import_dataset('photos.zip', image_size=({side}, {side}), seed={seed})\n"
            "train_imagens, train_labels = data.train.images, data.train.labels\n"
        )
    return "import tlcore\n\n" + ready_set_code(ready_reference(source))
