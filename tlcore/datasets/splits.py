"""Splits that are stratified by class and never tear a group of near-duplicates apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..errors import DatasetError
from ..translatable import N_
from .dataset import FileFacts, Split

#: Train, validation, test.
DEFAULT_FRACTIONS = (0.6, 0.2, 0.2)

#: A class needs one image for each of the three parts.
MIN_IMAGES_PER_CLASS = 3

_ATTEMPTS = 32


def split_indices(
    labels: NDArray[np.int64],
    groups: NDArray[np.int64] | None = None,
    *,
    num_classes: int,
    fractions: tuple[float, float, float] = DEFAULT_FRACTIONS,
    seed: int = 0,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Indices of the train, validation and test images.

    Each class is divided by `fractions` as nearly as whole groups allow, and each part holds at least one image of
    each class.

    Args:
        labels: `int64 (N,)`.
        groups: `int64 (N,)`; images of one group land in one part. Each image is its own group without it.
        num_classes: How many classes there are.
        fractions: Shares of train, validation and test.
        seed: Of the shuffle.

    Returns:
        Three sorted arrays of indices that together hold each index once.

    Raises:
        DatasetError: If a class has too few different images for three parts.
    """
    groups = np.arange(len(labels)) if groups is None else groups
    train, validation, test = _divided(labels, groups, num_classes, fractions, seed)
    return train, validation, test


def kept_split(
    labels: NDArray[np.int64],
    groups: NDArray[np.int64],
    parts: Sequence[str | None],
    *,
    num_classes: int,
    seed: int = 0,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Indices of the train, validation and test images where the images say themselves which part they are of.

    A part that has no images gets its default share of the training images; so do images that name no part.

    Args:
        labels: `int64 (N,)`.
        groups: `int64 (N,)`; those of the training images that are divided stay whole.
        parts: "train", "validation", "test" or None for each image.
        num_classes: How many classes there are.
        seed: Of the shuffle.

    Raises:
        DatasetError: If a class has too few images to learn from.
    """
    named = np.array([part or "train" for part in parts])
    kept = {part: np.flatnonzero(named == part) for part in ("train", "validation", "test")}
    missing = [part for part in ("validation", "test") if not len(kept[part])]
    if missing:
        pool = kept["train"]
        shares = [DEFAULT_FRACTIONS[0], *DEFAULT_FRACTIONS[1 : 1 + len(missing)]]
        fractions = tuple(share / sum(shares) for share in shares)
        divided = _divided(labels[pool], groups[pool], num_classes, fractions, seed)
        kept |= {part: pool[indices] for part, indices in zip(("train", *missing), divided, strict=True)}
    if len(np.unique(labels[kept["train"]])) < num_classes:
        raise DatasetError(
            N_(
                "The training part has no image of some class, so the split cannot be kept. Let the parts be made "
                "anew, or put images of each class into the training folder."
            )
        )
    return kept["train"], kept["validation"], kept["test"]


def _divided(
    labels: NDArray[np.int64], groups: NDArray[np.int64], num_classes: int, fractions: Sequence[float], seed: int
) -> list[NDArray[np.int64]]:
    """Indices of each part, every class in each and no group in two."""
    _, groups = np.unique(groups, return_inverse=True)
    members = np.zeros((int(groups.max(initial=-1)) + 1, num_classes), np.int64)  # (groups, classes)
    np.add.at(members, (groups, labels), 1)
    targets = _targets(members.sum(axis=0), fractions)
    random = np.random.default_rng(seed)
    for _ in range(_ATTEMPTS):
        part_of_group, counts = _allot(members, targets, random)
        if np.all(counts > 0):
            part = part_of_group[groups]
            return [np.flatnonzero(part == number) for number in range(len(fractions))]
    raise DatasetError(
        N_(
            "The images cannot be split into training, validation and test without putting near-duplicates on both "
            "sides. Add images of other scenes or people to each class."
        )
    )


def _targets(totals: NDArray[np.int64], fractions: Sequence[float]) -> NDArray[np.int64]:
    """How many images of each class each part should get: `int64 (parts, classes)`, at least one each."""
    held_out = np.maximum(1, np.rint(np.outer(fractions[1:], totals)).astype(np.int64))
    train = np.maximum(1, totals - held_out.sum(axis=0))
    return np.vstack([train, held_out])


def _allot(
    members: NDArray[np.int64], targets: NDArray[np.int64], random: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Gives each group to the part that lacks most of what the group holds, large groups first."""
    shuffled = random.permutation(len(members))
    order = shuffled[np.argsort(-members[shuffled].sum(axis=1), kind="stable")]
    part_of_group = np.zeros(len(members), np.int64)
    counts = np.zeros_like(targets)
    for group in order:
        lacking = (targets - counts) / targets  # (parts, classes), 1 = all of it, negative = too many
        part = int(np.argmax(lacking @ members[group]))
        part_of_group[group] = part
        counts[part] += members[group]
    return part_of_group, counts


def spread_over_classes(labels: NDArray[np.int64], count: int) -> list[int]:
    """A few images to look at, as many of each class as of any other where they last.

    Args:
        labels: `int64 (N,)`.
        count: How many at most.

    Returns:
        Indices, the first of each class in turn, then the second of each, and so on.
    """
    taken: Counter[int] = Counter()
    turns = []
    for label in labels.tolist():
        turns.append((taken[label], label))
        taken[label] += 1
    return sorted(range(len(turns)), key=turns.__getitem__)[:count]


def make_split(
    images: NDArray[np.uint8],
    labels: NDArray[np.int64],
    sources: Sequence[str],
    indices: NDArray[np.int64],
    files: Sequence[FileFacts] | None = None,
) -> Split:
    """The images at `indices` as a `Split`."""
    chosen = None if files is None else tuple(files[index] for index in indices)
    return Split(images[indices], labels[indices], tuple(sources[index] for index in indices), chosen)
