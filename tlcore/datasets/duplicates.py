"""Finds images that show the same thing, so that no split trains on what another is tested by."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray
from PIL import Image

#: Cells along each side at which images are compared: a dot of a twentieth of the side still fills one.
_CELLS = 32
#: What near-duplicates may differ by. All in grey levels of 255, or as shares of the weaker picture's own contrast.
_MAX_SHIFT = 40.0  # of the mean of a colour: another exposure
_MAX_STRUCTURE = 0.15  # squared difference of the whole, as a share
_MAX_PEAK = 5.0  # difference of the cell that differs most ...
_MAX_PEAK_SHARE = 0.6  # ... and as a share of the contrast: a finger more is a spot, recompression is everywhere
_FLAT_SHIFT = 6.0  # of the mean of a colour, where there is no contrast to compare
_FLAT_LEVEL = 2.0  # root mean square of what is no contrast, and of a difference there
#: Images looked at closely for each image, nearest first: only sets made on purpose have more that are so near.
_LOOKED_AT = 64
#: `<photograph>_<crop>`. Longer numbers are dates and times, which cameras write and which say nothing of the kind.
_NUMBERED = re.compile(r"(\d{1,7})_(\d{1,4})")
_BLOCK = 256
_REPORT_EVERY = 50

Progress = Callable[[int, int], None]


def group_near_duplicates(
    images: NDArray[np.uint8],
    names: Sequence[str],
    labels: NDArray[np.int64],
    digests: Sequence[str],
    *,
    progress: Progress | None = None,
) -> NDArray[np.int64]:
    """A group number for each image; near-duplicates share one.

    Images share a group if they are equal, if each looks like the first image of the group (see
    `near_duplicate_leaders`), or if their names are `<number>_<number>` with the same first number: crops of one
    photograph. The rule on names is left out where it would make fewer than three groups of a class, since then the
    number is not a photograph's.

    Args:
        images: `uint8 (N, height, width, 3)`.
        names: File names.
        labels: `int64 (N,)`.
        digests: Of the pixels, or of the files.
        progress: Called with how much is compared and how much there is to compare; what it raises stops the work.

    Returns:
        `int64 (N,)`.
    """
    leaders = near_duplicate_leaders(images, progress or _silent)
    pairs = [np.stack([leaders, np.arange(len(images))], axis=1), _equal_pairs(digests)]
    photographs = _photograph_numbers(names, labels)
    if photographs is not None:
        pairs.append(_equal_pairs(photographs))
    return _components(np.concatenate(pairs), len(images))


def near_duplicate_leaders(images: NDArray[np.uint8], progress: Progress) -> NDArray[np.int64]:
    """`int64 (N,)`: for each image the earlier one that it looks like, or itself.

    An image is compared with those alone that look like no earlier one, so that likeness is never handed on: a row of
    pictures, each a little different from the one before, is as many groups as there are different pictures in it.
    """
    looks = _Looks.of(images, progress)
    leader_of = np.arange(len(images))
    leaders = np.zeros(0, np.int64)
    for start in range(0, len(images), _BLOCK):
        progress(len(images) + start, 2 * len(images))
        block = np.arange(start, min(start + _BLOCK, len(images)))
        others = np.concatenate([leaders, block])
        distances = looks.first_look(block, others)
        for row, index in enumerate(block):
            near = np.flatnonzero(np.isfinite(distances[row]))
            near = near[(leader_of[others[near]] == others[near]) & (others[near] < index)]
            near = near[np.argsort(distances[row, near], kind="stable")[:_LOOKED_AT]]
            alike = others[near][looks.second_look(int(index), others[near])]
            leader_of[index] = alike[0] if len(alike) else index
        leaders = np.flatnonzero(leader_of[: start + len(block)] == np.arange(start + len(block)))
    progress(2 * len(images), 2 * len(images))
    return leader_of


def near_duplicate_pairs(images: NDArray[np.uint8], progress: Progress | None = None) -> NDArray[np.int64]:
    """`int64 (pairs, 2)`: each image that looks like an earlier one, beside that one, which comes first.

    Args:
        images: `uint8 (N, height, width, 3)`.
        progress: Called with how much is compared and how much there is to compare.
    """
    leaders = near_duplicate_leaders(images, progress or _silent)
    later = np.flatnonzero(leaders != np.arange(len(images)))
    return np.stack([leaders[later], later], axis=1)


def same_in_two_classes(
    images: NDArray[np.uint8], labels: NDArray[np.int64], digests: Sequence[str], groups: NDArray[np.int64]
) -> NDArray[np.int64]:
    """`int64 (pairs, 2)`: images of different classes that show the same picture, each with the first that it repeats.

    Args:
        images: `uint8 (N, height, width, 3)`.
        labels: `int64 (N,)`.
        digests: Of the pixels, or of the files.
        groups: Of `group_near_duplicates`.
    """
    pairs = []
    for group in np.unique(groups[np.flatnonzero(_is_mixed(labels, groups))]):
        members = np.flatnonzero(groups == group)
        looks = _Looks.of(images[members], _silent)
        for place, index in enumerate(members):
            earlier = np.flatnonzero(labels[members[:place]] != labels[index])
            equal = np.array([digests[int(members[other])] == digests[int(index)] for other in earlier], bool)
            same = earlier[equal | looks.second_look(place, earlier)]
            pairs += [(members[other], index) for other in same[:1]]
    return np.array(pairs, np.int64).reshape(-1, 2)


def _is_mixed(labels: NDArray[np.int64], groups: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which images lie in a group with images of another class."""
    low, high = np.full(groups.max(initial=-1) + 1, np.iinfo(np.int64).max), np.full(groups.max(initial=-1) + 1, -1)
    np.minimum.at(low, groups, labels)
    np.maximum.at(high, groups, labels)
    return np.asarray(low[groups] != high[groups])


@dataclass(frozen=True)
class _Looks:
    """Images as they are compared.

    Attributes:
        means: `float32 (N, 3)`, of each colour.
        fine: `float32 (N, cells * cells * 3)`: blurred cells without the mean.
        coarse: `float32 (N, cells * cells * 3 / 4)`: means of four of them.
        contrast: `float32 (N,)`: sum of squares of `fine`.
    """

    means: NDArray[np.float32]
    fine: NDArray[np.float32]
    coarse: NDArray[np.float32]
    contrast: NDArray[np.float32]

    @classmethod
    def of(cls, images: NDArray[np.uint8], progress: Progress) -> _Looks:
        """Looks at images `uint8 (N, height, width, 3)`."""
        count, half = len(images), _CELLS // 2
        means = np.zeros((count, 3), np.float32)
        fine = np.zeros((count, _CELLS * _CELLS * 3), np.float32)
        coarse = np.zeros((count, half * half * 3), np.float32)
        for start in range(0, count, _REPORT_EVERY):
            progress(start, 2 * count)
            some = slice(start, start + _REPORT_EVERY)
            small = [Image.fromarray(image).resize((_CELLS, _CELLS), Image.Resampling.BOX) for image in images[some]]
            cells = np.stack([np.asarray(image, np.float32) for image in small])  # (some, cells, cells, 3)
            means[some] = cells.mean((1, 2))
            blurred = _blurred(cells - means[some, np.newaxis, np.newaxis])
            fine[some] = blurred.reshape(len(cells), -1)
            coarse[some] = blurred.reshape(-1, half, 2, half, 2, 3).mean((2, 4)).reshape(len(cells), -1)
        return cls(means, fine, coarse, np.square(fine).sum(axis=1))

    def first_look(self, block: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.float32]:
        """`float32 (block, others)`: how far images are apart at a glance; infinite where no second look is needed."""
        one, other = self.coarse[block], self.coarse[others]
        squares = np.square(one).sum(axis=1)[:, np.newaxis] + np.square(other).sum(axis=1)
        structure = np.maximum(4 * (squares - 2 * one @ other.T), 0)  # no more than that of the fine cells
        shift = np.abs(self.means[block][:, np.newaxis] - self.means[others]).max(axis=2)
        contrast = np.minimum(self.contrast[block][:, np.newaxis], self.contrast[others])
        has_contrast = contrast > self._flat_structure
        near = structure <= np.where(has_contrast, _MAX_STRUCTURE * contrast, self._flat_structure) + 1
        near |= structure <= self._flat_structure
        near &= shift <= np.where(has_contrast, _MAX_SHIFT, _FLAT_SHIFT)
        return np.where(near, structure / self.fine.shape[1] + np.square(shift), np.inf).astype(np.float32)

    def second_look(self, index: int, others: NDArray[np.int64]) -> NDArray[np.bool_]:
        """`bool (others,)`: which of them look like the image at `index`, cell by cell."""
        difference = self.fine[others] - self.fine[index]
        structure, peak = np.square(difference).sum(axis=1), np.abs(difference).max(axis=1, initial=0)
        shift = np.abs(self.means[others] - self.means[index]).max(axis=1, initial=0)
        contrast = np.minimum(self.contrast[others], self.contrast[index])
        spot = _MAX_PEAK + _MAX_PEAK_SHARE * np.sqrt(contrast / self.fine.shape[1])
        same = (structure <= _MAX_STRUCTURE * contrast) & (peak <= spot) & (shift <= _MAX_SHIFT)
        same &= contrast > self._flat_structure
        flat = (structure <= self._flat_structure) & (peak <= _MAX_PEAK) & (shift <= _FLAT_SHIFT)
        return np.asarray(same | flat)

    @property
    def _flat_structure(self) -> float:
        return float(self.fine.shape[1]) * _FLAT_LEVEL**2


def _blurred(cells: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean of each cell and its eight neighbours, `float32 (N, height, width, 3)`; the edges go on outwards."""
    padded = np.pad(cells, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="edge")
    rows = padded[:, :-2] + padded[:, 1:-1] + padded[:, 2:]
    return np.asarray((rows[:, :, :-2] + rows[:, :, 1:-1] + rows[:, :, 2:]) / 9, np.float32)


def _silent(done: int, total: int) -> None:
    """For whoever does not want to know."""


def _components(pairs: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """A number for each of `count` images, the same for those that pairs connect."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    first, second = pairs.T
    alike = coo_array((np.ones(len(first), bool), (first, second)), shape=(count, count))
    return np.asarray(connected_components(alike, directed=False)[1], np.int64)


def _equal_pairs(keys: Sequence[str | bytes]) -> NDArray[np.int64]:
    """`int64 (N, 2)`: each index beside the first whose key is equal."""
    first: dict[str | bytes, int] = {}
    return np.array([(first.setdefault(key, index), index) for index, key in enumerate(keys)], np.int64).reshape(-1, 2)


def _photograph_numbers(names: Sequence[str], labels: NDArray[np.int64]) -> list[str] | None:
    """The number before the underscore of each name, or `None` where the names don't follow that rule."""
    matches = [_NUMBERED.fullmatch(PurePosixPath(name).stem) for name in names]
    numbers = [match.group(1) for match in matches if match]
    if len(numbers) < len(names):
        return None
    for label in np.unique(labels):
        if len({numbers[index] for index in np.flatnonzero(labels == label)}) < 3:
            return None
    return numbers
