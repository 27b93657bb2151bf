"""Finds images that show the same thing, so that no split trains on what another is tested by."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
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
#: Parts that a hash is cut into: of two that differ in `_MAX_HASH_DISTANCE` bits at most, one part is equal.
_BANDS = _MAX_HASH_DISTANCE + 1
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

    Images share a group if their files are equal, if they look alike at a glance (difference hash and mean colours),
    or if their names are `<number>_<number>` with the same first number: crops of one photograph. The rule on names
    is left out where it would make fewer than three groups of a class, since then the number is not a photograph's.

    Args:
        images: `uint8 (N, height, width, 3)`.
        names: File names.
        labels: `int64 (N,)`.
        digests: Of the files' bytes.
        progress: Called with how much is compared and how much there is to compare; what it raises stops the work.

    Returns:
        `int64 (N,)`.

    Source: difference hash: N. Krawetz, "Kind of Like That", 2013.
    """
    pairs = [near_duplicate_links(images, progress or _silent), _equal_pairs(digests)]
    photographs = _photograph_numbers(names, labels)
    if photographs is not None:
        pairs.append(_equal_pairs(photographs))
    return _components(np.concatenate(pairs), len(images))


def _silent(done: int, total: int) -> None:
    """For whoever does not want to know."""


def _components(pairs: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """A number for each of `count` images, the same for those that pairs connect."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    first, second = pairs.T
    alike = coo_array((np.ones(len(first), bool), (first, second)), shape=(count, count))
    return np.asarray(connected_components(alike, directed=False)[1], np.int64)


def near_duplicate_links(images: NDArray[np.uint8], progress: Progress) -> NDArray[np.int64]:
    """`int64 (links, 2)`: of the pairs that look alike at a glance, enough to connect all that are connected.

    Hashes that are near each other are equal in one of `_BANDS` parts, so only images of one bucket are compared, in
    the order of brightness and at growing distance there, until each bucket is connected or too far apart: n log n for
    images that are all alike as for images that all differ.

    Source: multi-index hashing: Norouzi, Punjani, Fleet, "Fast Search in Hamming Space", 2012.
    """
    hashes, colours = _fingerprints(images, progress)
    links = _equal_pairs([hash_.tobytes() + colour.tobytes() for hash_, colour in zip(hashes, colours, strict=True)])
    bands = _bands_of(hashes)
    brightness = colours.mean(axis=(1, 2, 3))
    for number in range(_BANDS):
        progress(len(images) + len(images) * number // _BANDS, 2 * len(images))
        links = _connect_buckets(bands, number, brightness, hashes, colours, links, progress)
    progress(2 * len(images), 2 * len(images))
    return links


def _bands_of(hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """`int64 (N, _BANDS)`: the parts of each hash as numbers."""
    bits = np.unpackbits(hashes.view(np.uint8), axis=1)  # (N, 128)
    parts = np.array_split(bits, _BANDS, axis=1)
    return np.stack([part @ (1 << np.arange(part.shape[1])) for part in parts], axis=1)


def _connect_buckets(
    bands: NDArray[np.int64],
    number: int,
    brightness: NDArray[np.float64],
    hashes: NDArray[np.uint64],
    colours: NDArray[np.int16],
    links: NDArray[np.int64],
    progress: Progress,
) -> NDArray[np.int64]:
    """The links, and those between images whose hashes are equal in part `number`."""
    group = _components(links, len(bands))
    order = np.lexsort((brightness, bands[:, number]))
    order = order[_in_open_bucket(bands[order, number], group[order])]
    distance = 0
    while len(order) > (distance := distance + 1):
        progress(len(bands) + len(bands) * number // _BANDS, 2 * len(bands))
        first, second = order[:-distance], order[distance:]
        near = bands[first, number] == bands[second, number]
        near &= brightness[second] - brightness[first] <= _MAX_COLOUR_DISTANCE
        if not near.any():
            break
        near &= group[first] != group[second]
        pairs = np.sort(np.stack([first[near], second[near]], axis=1), axis=1)
        pairs = pairs[~(bands[pairs[:, 0], :number] == bands[pairs[:, 1], :number]).any(axis=1)]  # compared before
        pairs = pairs[_hash_distance(hashes[pairs[:, 0]], hashes[pairs[:, 1]]) <= _MAX_HASH_DISTANCE]
        found = pairs[_similar_in_colour(colours, pairs)]
        if len(found):
            links = np.concatenate([links, found])
            group = _components(links, len(bands))
            order = order[_in_open_bucket(bands[order, number], group[order])]
    return links


def _in_open_bucket(bucket: NDArray[np.int64], group: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which entries lie in a bucket, equal numbers side by side, that holds more than one group."""
    starts = np.flatnonzero(np.diff(bucket, prepend=-1))  # parts of hashes are not negative
    is_open = np.minimum.reduceat(group, starts) != np.maximum.reduceat(group, starts)
    return np.repeat(is_open, np.diff(starts, append=len(bucket)))


def _hash_distance(first: NDArray[np.uint64], second: NDArray[np.uint64]) -> NDArray[np.int64]:
    return np.asarray(np.bitwise_count(first ^ second).sum(axis=-1, dtype=np.int64))


def _equal_pairs(keys: Sequence[str | bytes]) -> NDArray[np.int64]:
    """`int64 (N, 2)`: each index beside the first whose key is equal."""
    first: dict[str | bytes, int] = {}
    return np.array([(first.setdefault(key, index), index) for index, key in enumerate(keys)], np.int64).reshape(-1, 2)


def near_duplicate_pairs(images: NDArray[np.uint8]) -> NDArray[np.int64]:
    """`int64 (pairs, 2)`: all pairs that look alike at a glance, the smaller index first; as many as there may be."""
    hashes, colours = _fingerprints(images, _silent)
    found = [np.zeros((0, 2), np.int64)]
    for start in range(0, len(images), _BLOCK):
        block = hashes[start : start + _BLOCK]
        distance = _hash_distance(block[:, np.newaxis], hashes[np.newaxis])
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


def _fingerprints(images: NDArray[np.uint8], progress: Progress) -> tuple[NDArray[np.uint64], NDArray[np.int16]]:
    """Difference hashes along both axes `uint64 (N, 2)` and mean colours `int16 (N, 12, 12, 3)`."""
    hashes = np.zeros((len(images), 2), np.uint64)
    colours = np.zeros((len(images), 12, 12, 3), np.int16)
    for index, image in enumerate(images):
        if index % _REPORT_EVERY == 0:
            progress(index, 2 * len(images))
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
