"""Code that shows what augmentation makes of a photo."""

from __future__ import annotations

from ..translatable import N_
from .layout import block, lines, paragraphs, remark
from .photos import load_photo
from .statements import add_augmentation

_VARIANTS = 11


def augmentation_code(image_size: tuple[int, int]) -> str:
    """The layers that training with augmentation puts before the network, and variants of a photo.

    Args:
        image_size: (height, width) at which it is trained.
    """
    return paragraphs(
        lines(
            "import numpy as np",
            "from keras import layers, models",
            "from keras.utils import array_to_img",
            "from PIL import Image, ImageOps",
        ),
        lines("model = models.Sequential()", add_augmentation()),
        lines(
            load_photo(image_size),
            remark(f"photos = np.stack({_VARIANTS} * [np.asarray(photo, 'float32')])", N_("RGB, 0 to 255")),
            remark("variants = model(photos, training=True)", N_("without training=True, nothing is changed")),
            block(
                "for number, variant in enumerate(np.asarray(variants)):",
                "array_to_img(variant, scale=False).save(f'{number}.png')",
            ),
        ),
    )
