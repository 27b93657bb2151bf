"""Crops, mirroring, colour changes and mixtures of a whole batch at once, on the device that trains."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch.nn import functional


def to_network_range(images: torch.Tensor) -> torch.Tensor:
    """`uint8 (batch, height, width, 3)` -> `float32 (batch, 3, height, width)` in [-1, 1]."""
    return images.permute(0, 3, 1, 2).float() / 127.5 - 1.0


class Views(NamedTuple):
    """The same view of the same images, once for the student and once for the teacher, in [-1, 1]."""

    student: torch.Tensor
    teacher: torch.Tensor


def random_views(
    images: torch.Tensor, sizes: tuple[int, int], smallest_area: float, generator: torch.Generator
) -> Views:
    """One random view of each image: a crop of `smallest_area` to all of it, mirrored half of the time, recoloured.

    Teacher and student see the same crop in the same colours ("consistent teaching", Beyer et al., Knowledge
    distillation: a good teacher is patient and consistent, 2022).

    Args:
        images: `uint8 (batch, height, width, 3)`.
        sizes: Pixels of the student's and the teacher's square result.
        smallest_area: Smallest share of the area that a crop keeps, in (0, 1].
        generator: Source of all randomness, on the images' device.

    Returns:
        Two tensors `float32 (batch, 3, size, size)`.
    """
    batch = len(images)
    device = images.device
    area, aspect, left, top, mirror = torch.rand(5, batch, generator=generator, device=device)
    area = smallest_area + area * (1.0 - smallest_area)
    aspect = torch.exp((aspect * 2.0 - 1.0) * math.log(4 / 3))
    width, height = (area * aspect).sqrt().clamp(max=1.0), (area / aspect).sqrt().clamp(max=1.0)
    crops = torch.zeros(batch, 2, 3, device=device)  # from the view's coordinates, -1 to 1, to the image's
    crops[:, 0, 0] = width * torch.where(mirror < 0.5, -1.0, 1.0)
    crops[:, 1, 1] = height
    crops[:, 0, 2] = (left * 2.0 - 1.0) * (1.0 - width)
    crops[:, 1, 2] = (top * 2.0 - 1.0) * (1.0 - height)
    coloured = _change_colours(to_network_range(images), generator)
    return Views(*(_crop(coloured, crops, size) for size in sizes))


def _crop(images: torch.Tensor, crops: torch.Tensor, size: int) -> torch.Tensor:
    grid = functional.affine_grid(crops, [len(images), 3, size, size], align_corners=False)
    return functional.grid_sample(images, grid, mode="bilinear", padding_mode="reflection", align_corners=False)


def _change_colours(views: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Brightness, contrast and saturation, each by up to 30 %."""
    changes = (torch.rand(3, len(views), 1, 1, 1, generator=generator, device=views.device) - 0.5) * 0.6
    brightness, contrast, saturation = changes
    offset = brightness - views.mean((1, 2, 3), keepdim=True) * contrast
    grey = views.mean(1, keepdim=True)
    views = torch.addcmul(views, views - grey, saturation)
    return torch.addcmul(offset, views, 1.0 + contrast).clamp_(-1.0, 1.0)


def mix(views: Views, share: float) -> Views:
    """Each image with `share` of itself and the rest of its neighbour in the batch (mixup, Zhang et al., 2018)."""
    return Views(*(view * share + view.roll(1, 0) * (1.0 - share) for view in views))


def resized(images: torch.Tensor, size: int) -> torch.Tensor:
    """The whole image at another size, anti-aliased (for validation)."""
    if size == images.shape[-1]:
        return images
    return functional.interpolate(images, size=(size, size), mode="bilinear", antialias=True, align_corners=False)
