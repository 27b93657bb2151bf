"""Crops, mirroring and colour changes of a whole batch at once, on the way to the training size."""

from __future__ import annotations

import math

import torch
from torch.nn import functional


def to_network_range(images: torch.Tensor) -> torch.Tensor:
    """`uint8 (batch, height, width, 3)` -> `float32 (batch, 3, height, width)` in [-1, 1]."""
    return images.permute(0, 3, 1, 2).float() / 127.5 - 1.0


def random_views(images: torch.Tensor, size: int, smallest_area: float, generator: torch.Generator) -> torch.Tensor:
    """One random view of each image: a crop of `smallest_area` to all of it, mirrored half of the time.

    Args:
        images: `uint8 (batch, height, width, 3)`.
        size: Pixels of the square result.
        smallest_area: Smallest share of the area that a crop keeps, in (0, 1].
        generator: Source of all randomness.

    Returns:
        `float32 (batch, 3, size, size)` in [-1, 1], channels last in memory.
    """
    batch, height, width, _ = images.shape
    area, aspect, left, top, mirror = torch.rand(5, batch, generator=generator)
    area = smallest_area + area * (1.0 - smallest_area)
    aspect = torch.exp((aspect * 2.0 - 1.0) * math.log(4 / 3))
    crop_width = (width * (area * aspect).sqrt()).clamp(max=width).round().int()
    crop_height = (height * (area / aspect).sqrt()).clamp(max=height).round().int()
    lefts = ((width - crop_width + 1) * left).int().tolist()
    tops = ((height - crop_height + 1) * top).int().tolist()
    views = torch.empty(batch, size, size, 3, dtype=torch.uint8)
    planes = images.permute(0, 3, 1, 2)  # (batch, 3, height, width): uint8 with channels last has a fast resampler
    for index, (x, y, w, h) in enumerate(zip(lefts, tops, crop_width.tolist(), crop_height.tolist(), strict=True)):
        crop = planes[index : index + 1, :, y : y + h, x : x + w]
        resized = functional.interpolate(crop, (size, size), mode="bilinear", antialias=True)
        views[index] = resized[0].permute(1, 2, 0)
    mirrored = mirror < 0.5
    views[mirrored] = views[mirrored].flip(2)
    return _change_colours(to_network_range(views), generator)


def _change_colours(views: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Brightness, contrast and saturation, each by up to 30 %."""
    brightness, contrast, saturation = (torch.rand(3, len(views), 1, 1, 1, generator=generator) - 0.5) * 0.6
    offset = brightness - views.mean((1, 2, 3), keepdim=True) * contrast
    grey = views.mean(1, keepdim=True)
    views = torch.addcmul(views, views - grey, saturation)
    return torch.addcmul(offset, views, 1.0 + contrast).clamp_(-1.0, 1.0)


def shrink(images: torch.Tensor, size: int) -> torch.Tensor:
    """The whole image at another size, anti-aliased (for validation)."""
    if size == images.shape[-1]:
        return images
    return functional.interpolate(images, size=(size, size), mode="bilinear", antialias=True, align_corners=False)
