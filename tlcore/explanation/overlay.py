"""Puts a heat map on its image; plain numpy, for pages."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..errors import InvalidArgumentError
from ..translatable import N_

#: Dark to bright, told apart in grey too: black, violet, red, orange, pale yellow.
_STOPS = np.array([(0, 0, 4), (87, 16, 110), (188, 55, 84), (249, 142, 9), (252, 255, 164)], np.float32)


def overlay_heat(image: NDArray[np.uint8], heat: NDArray[np.float32], *, opacity: float = 0.5) -> NDArray[np.uint8]:
    """An image with its heat map over it.

    Args:
        image: `uint8 (H, W, 3)`.
        heat: `float32 (H, W)` in [0, 1], of `grad_cam`; negative values, which `occlusion_map` has, count as 0.
        opacity: Of the hottest pixels, in [0, 1]; cold ones show the image.

    Returns:
        `uint8 (H, W, 3)`.

    Raises:
        InvalidArgumentError: If the sizes differ.
    """
    if image.shape != (*heat.shape, 3):
        raise InvalidArgumentError(
            N_("Expected `image` (H, W, 3) and `heat` (H, W) of one size. Received: {image} and {heat}."),
            image=image.shape,
            heat=heat.shape,
        )
    heat = np.clip(heat, 0, 1)
    colours = heat_colours(heat).astype(np.float32)
    share = opacity * np.sqrt(heat)[..., np.newaxis]
    return np.rint(image * (1 - share) + colours * share).astype(np.uint8)


def heat_layer(heat: NDArray[np.float32], *, opacity: float = 0.6) -> NDArray[np.uint8]:
    """A heat map as a picture to lay over the photo itself, of which the network may have seen a part only.

    Args:
        heat: `float32 (H, W)`; as for `overlay_heat`.
        opacity: Of the hottest pixels, in [0, 1]; cold ones are transparent.

    Returns:
        `uint8 (H, W, 4)`: red, green, blue, opacity.
    """
    heat = np.clip(heat, 0, 1)
    alpha = np.rint(255 * opacity * np.sqrt(heat)).astype(np.uint8)
    return np.concatenate([heat_colours(heat), alpha[..., np.newaxis]], axis=-1)


def heat_colours(heat: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Values in [0, 1], of any shape -> `uint8 (..., 3)` from black over red to pale yellow."""
    stops = np.linspace(0, 1, len(_STOPS))
    channels = [np.interp(heat, stops, _STOPS[:, channel]) for channel in range(3)]
    return np.rint(np.stack(channels, axis=-1)).astype(np.uint8)
