"""What is known about a dataset before any of its images is made or read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

#: Makes the images: (number of images, (height, width), seed) -> images `uint8 (N, H, W, 3)`, labels, sources.
ImageSource = Callable[[int, tuple[int, int], int], tuple[NDArray[np.uint8], NDArray[np.int64], tuple[str, ...]]]


@dataclass(frozen=True)
class DatasetSpec:
    """Facts about one dataset. All texts are translatable templates.

    Attributes:
        name: What `load_dataset` is called with.
        title: Name on the screen.
        description: What the images show and what the task is.
        licence: Under which terms they may be used, and where they come from.
        kind: `"drawn"` (made by a program), `"scans"` or `"photographs"`: pages must say so.
        class_names: One name a label, as in `Dataset.class_names`.
        class_titles: The same names as words to read.
        teaching_note: What a lesson can show with it, and what it cannot.
        default_images: How many images `load_dataset` gives without `num_images`.
        max_images: The most that it can give.
        source: Makes the images.
    """

    name: str
    title: str
    description: str
    licence: str
    kind: str
    class_names: tuple[str, ...]
    class_titles: tuple[str, ...]
    teaching_note: str
    default_images: int
    max_images: int
    source: ImageSource = field(repr=False, compare=False)

    @property
    def num_classes(self) -> int:
        return len(self.class_names)
