"""A heat map laid over a photo."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

COLD, MIDDLE, WARM = np.array([[20, 45, 90], [240, 190, 60], [200, 40, 30]], np.float32)


def overlay(image: Any, heat: Any, *, strength: float = 0.55) -> NDArray[np.uint8]:
    """Mixes a heat map into a photo.

    Args:
        image: Raw RGB in [0, 255], `(H, W, 3)`.
        heat: `(H, W)` in [0, 1].
        strength: How much of the photo gives way where the heat is 1.

    Returns:
        `uint8 (H, W, 3)`.
    """
    photo = np.asarray(image, np.float32)
    share = np.clip(np.asarray(heat, np.float32), 0.0, 1.0)[..., np.newaxis]
    colours = np.where(share < 0.5, COLD + 2 * share * (MIDDLE - COLD), MIDDLE + (2 * share - 1) * (WARM - MIDDLE))
    weight = strength * (0.25 + 0.75 * share)
    return (photo * (1 - weight) + colours * weight).clip(0, 255).astype(np.uint8)
