"""What takes seconds and what may take minutes: the worker for questions takes only the former, see `JobContext`."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

#: Multiplications that even a slow machine does in a few seconds: 60 images of 150x150 through VGG16Slim.
SHORT_MACS = 70e9
#: Images of 150x150 that are drawn or decoded in a few seconds, in pixels.
SHORT_PIXELS = 500 * 150 * 150
SHORT_DECODED_PIXELS = 100e6
SHORT_FILES = 300


def forward_is_short(base: str, image_size: tuple[int, int], passes: int) -> bool:
    """Whether a base looks at so many images in seconds.

    Args:
        base: Name in the registry.
        image_size: (height, width) in pixels.
        passes: Images, or times that it looks at one.
    """
    return _macs(base, image_size) * passes <= SHORT_MACS


@lru_cache(maxsize=64)
def _macs(base: str, image_size: tuple[int, int]) -> int:
    """Multiplications for one image."""
    from ...architectures import describe

    return describe(base, input_shape=(*image_size, 3), include_top=False).total_macs


def weights_are_short(base: str, weights: str | None, *, include_top: bool = False) -> bool:
    """Whether a base is built without a download of its weights; one that cannot be downloaded says so at once.

    Args:
        base: Name in the registry.
        weights: As in `tlcore.build_base`.
        include_top: With the base's own classifier.
    """
    from ...weights import available_weights

    sources = available_weights(base, include_top=include_top)
    return all(source.here or source.kind != "imagenet-download" for source in sources if source.weights == weights)


def import_is_short(path: Path, name: str) -> bool:
    """Whether an uploaded ZIP is read in seconds; one that is refused is, with its reason.

    Args:
        path: Where it lies.
        name: What the person calls it.
    """
    from ...datasets.archive import Archive
    from ...datasets.images import PixelBudget
    from ...errors import DatasetError
    from ...settings import get_settings

    try:
        with Archive(path, name) as archive:
            expected = PixelBudget(get_settings().max_upload_pixels, archive.name).expect(archive.heads())
            return len(archive) <= SHORT_FILES and expected <= SHORT_DECODED_PIXELS
    except DatasetError:
        return True
