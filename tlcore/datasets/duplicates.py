"""Finds images that show the same thing, so that no split trains on what another is tested by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray
from PIL import Image

#: Bits of 128 in which the hashes of near-duplicates may differ.
_MAX_HASH_DISTANCE = 10
#: Mean difference of colour, of 255, that near-duplicates may have.
_MAX_COLOUR_DISTANCE = 8.0
#: `<photograph>_<crop>`. Longer numbers are dates and times, which cameras write and which say nothing of the kind.
_NUMBERED = re.compile(r"(\d{1,7})_(\d{1,4})")
_BLOCK = 512
_CHUNK = 20_000


def group_near_duplicates(
    images: NDArray[np.uint8], names: Sequence[str], labels: NDArray[np.int64], digests: Sequence[str]
) -> NDArray[np.int64]:
    """A group number for each image; near-duplicates share one.

    Images share a group if their files are equal, if they look alike at a glance (difference hash and mean colours),
    or if their names are `<number>_<number>` with the same first number: crops of one photograph. The rule on names
    is left out where it would make fewer than three groups of a class, since then the number is not a photograph's.

    Args:
        images: `uint8 (N, height, width, 3)`.
        names: File names.
        labels: `int64 (N,)`.
        digests: Of the files' bytes.

    Returns:
        `int64 (N,)`.

    Source: difference hash: N. Krawetz, "Kind of Like That", 2013.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    pairs = [near_duplicate_pairs(images), _equal_pairs(digests)]
    photographs = _photograph_numbers(names, labels)
    if photographs is not None:
        pairs.append(_equal_pairs(photographs))
    first, second = np.concatenate(pairs).T
    alike = coo_array((np.ones(len(first), bool), (first, second)), shape=(len(images), len(images)))
    return np.asarray(connected_components(alike, directed=False)[1], np.int64)


def _equal_pairs(keys: Sequence[str]) -> NDArray[np.int64]:
    """`int64 (N, 2)`: each index beside the first whose key is equal."""
    first: dict[str, int] = {}
    return np.array([(first.setdefault(key, index), index) for index, key in enumerate(keys)], np.int64).reshape(-1, 2)


def near_duplicate_pairs(images: NDArray[np.uint8]) -> NDArray[np.int64]:
    """`int64 (pairs, 2)`: the pairs that look alike at a glance, the smaller index first."""
    hashes, colours = _fingerprints(images)
    found = [np.zeros((0, 2), np.int64)]
    for start in range(0, len(images), _BLOCK):
        block = hashes[start : start + _BLOCK]
        distance = np.bitwise_count(block[:, np.newaxis] ^ hashes[np.newaxis]).sum(axis=-1, dtype=np.int64)
        first, second = np.nonzero(distance <= _MAX_HASH_DISTANCE)
        pairs = np.stack([first + start, second], axis=1)[first + start < second]
        found.append(pairs[_similar_in_colour(colours, pairs)])
    return np.concatenate(found)


def _similar_in_colour(colours: NDArray[np.int16], pairs: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which pairs have nearly the same colours at the same places; many at a time, as frames of a film make many."""
    similar = np.zeros(len(pairs), bool)
    for start in range(0, len(pairs), _CHUNK):
        first, second = pairs[start : start + _CHUNK].T
        difference = np.abs(colours[first] - colours[second]).mean(axis=(1, 2, 3))
        similar[start : start + _CHUNK] = difference <= _MAX_COLOUR_DISTANCE
    return similar


def _fingerprints(images: NDArray[np.uint8]) -> tuple[NDArray[np.uint64], NDArray[np.int16]]:
    """Difference hashes along both axes `uint64 (N, 2)` and mean colours `int16 (N, 12, 12, 3)`."""
    hashes = np.zeros((len(images), 2), np.uint64)
    colours = np.zeros((len(images), 12, 12, 3), np.int16)
    for index, image in enumerate(images):
        picture = Image.fromarray(image)
        grey = np.asarray(picture.convert("L").resize((9, 9), Image.Resampling.BOX), np.int16)
        across, down = grey[:8, 1:] > grey[:8, :-1], grey[1:, :8] > grey[:-1, :8]
        hashes[index] = np.packbits(np.stack([across, down])).view(np.uint64)
        colours[index] = np.asarray(picture.resize((12, 12), Image.Resampling.BOX), np.int16)
    return hashes, colours


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
