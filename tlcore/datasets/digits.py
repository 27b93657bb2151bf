"""Real handwritten digits, as scikit-learn ships them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .selection import spread_over_classes
from .specification import SourceImages

_DARKEST_INK = 16


def digit_images(num_images: int, image_size: tuple[int, int], seed: int) -> SourceImages:
    """Handwritten digits, dark ink on white paper, as evenly spread over the ten classes as there are scans.

    Source: Alpaydin & Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, 1998.
    """
    from sklearn.datasets import load_digits

    scans = load_digits()
    chosen = spread_over_classes(scans.target, num_images, seed)
    images = np.stack([_enlarge(scans.images[index], image_size) for index in chosen])
    sources = tuple(f"scan {index}" for index in chosen)
    return SourceImages(images, scans.target[chosen].astype(np.int64), sources)


def _enlarge(scan: NDArray[np.float64], image_size: tuple[int, int]) -> NDArray[np.uint8]:
    """8x8 shades of ink in [0, 16], with a margin of paper -> `uint8 (height, width, 3)`."""
    grey = np.pad(np.rint(255 * (1 - scan / _DARKEST_INK)).astype(np.uint8), 1, constant_values=255)
    enlarged = Image.fromarray(grey).resize((image_size[1], image_size[0]), Image.Resampling.BICUBIC)
    return np.repeat(np.asarray(enlarged)[..., np.newaxis], 3, axis=2)
