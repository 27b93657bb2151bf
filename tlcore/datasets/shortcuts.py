"""What a network could learn instead of the task: whether traits that are not the thing itself tell the classes apart.

A classifier that sees the mean colour of an image only, its border only, or its file's size and shape only should do no
better than chance. Where it does far better, a network may look at that as well, and be wrong on other photographs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .dataset import FileFacts

Trait = Literal["colour", "border", "file"]
#: Share of the way from chance to perfect from which a trait alone is a trap.
FAR_ABOVE_CHANCE = 0.5
MOST_IMAGES = 1500
_FOLDS = 5
_GRID = 12  # cells in a row of the border
_SOFTNESS = 4.0  # of the classifier, a support vector machine that also finds clusters and bands


@dataclass(frozen=True, slots=True)
class ShortcutProbe:
    """How well one trait alone tells the classes apart.

    Attributes:
        trait: "colour" (mean and spread of each colour over the whole image), "border" (the outermost twelfth of the
            image all around), or "file" (width, height, their ratio, and bytes of the file).
        balanced_accuracy: Cross-validated, [0, 1].
        low, high: Where it lies with 95 % confidence.
        chance: What guessing reaches.
        images: That it was measured on.
    """

    trait: Trait
    balanced_accuracy: float
    low: float
    high: float
    chance: float
    images: int

    @property
    def is_trap(self) -> bool:
        """Whether this is far above chance, and surely above it."""
        share = (self.balanced_accuracy - self.chance) / (1 - self.chance)
        return share >= FAR_ABOVE_CHANCE and self.low > self.chance


def find_shortcuts(
    images: Sequence[NDArray[np.uint8]],
    labels: NDArray[np.int64],
    *,
    files: Sequence[FileFacts] | None = None,
    groups: NDArray[np.int64] | None = None,
    seed: int = 0,
) -> tuple[ShortcutProbe, ...]:
    """Measures each trait by itself, on images that the classifier has not seen.

    Args:
        images: `uint8 (height, width, 3)` each.
        labels: `int64 (N,)`.
        files: The files that they came from; without them the trait "file" is left out.
        groups: `int64 (N,)`; images of one group, near-duplicates for example, are never on both sides.
        seed: Of the folds.

    Returns:
        One a trait, where every class has two groups or more; else nothing.
    """
    groups = np.arange(len(labels)) if groups is None else groups
    folds = min(_FOLDS, *(len(np.unique(groups[labels == label])) for label in np.unique(labels)))
    if folds < 2:
        return ()
    traits: dict[Trait, NDArray[np.float32]] = {
        "colour": np.stack([mean_colour(image) for image in images]),
        "border": np.stack([border(image) for image in images]),
    }
    if files is not None:
        traits["file"] = np.stack([file_shape(file) for file in files])
    return tuple(_probe(trait, values, labels, groups, folds, seed) for trait, values in traits.items())


def sample_for_shortcuts(labels: NDArray[np.int64], seed: int = 0) -> NDArray[np.int64]:
    """Indices of the images to measure on, all classes alike: at most `MOST_IMAGES`; sorted."""
    from .selection import spread_over_classes

    chosen = spread_over_classes(labels, min(MOST_IMAGES, len(labels)), seed)
    return np.sort(chosen)


def mean_colour(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """`float32 (6,)`: mean and standard deviation of red, green and blue."""
    pixels = image.reshape(-1, 3).astype(np.float32)
    return np.concatenate([pixels.mean(axis=0), pixels.std(axis=0)])


def border(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """`float32 (132,)`: mean colours along the outermost twelfth of the image, what lies inside left out."""
    small = np.asarray(Image.fromarray(image).resize((_GRID, _GRID), Image.Resampling.BOX), np.float32)
    ring = np.ones((_GRID, _GRID), bool)
    ring[1:-1, 1:-1] = False
    return np.asarray(small[ring].ravel(), np.float32)


def file_shape(file: FileFacts) -> NDArray[np.float32]:
    """`float32 (5,)`: width, height, their ratio, bytes, and bytes a pixel."""
    pixels = max(1, file.width * file.height)
    return np.asarray(
        [file.width, file.height, file.width / max(1, file.height), file.num_bytes, file.num_bytes / pixels], np.float32
    )


def _probe(
    trait: Trait,
    values: NDArray[np.float32],
    labels: NDArray[np.int64],
    groups: NDArray[np.int64],
    folds: int,
    seed: int,
) -> ShortcutProbe:
    from sklearn.model_selection import cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    classifier = make_pipeline(StandardScaler(), SVC(C=_SOFTNESS, class_weight="balanced"))
    said = cross_val_predict(classifier, values, labels, cv=list(_folds(labels, groups, folds, seed)))
    recalls = [float(np.mean(said[labels == label] == label)) for label in np.unique(labels)]
    counts = [int(np.sum(labels == label)) for label in np.unique(labels)]
    accuracy = float(np.mean(recalls))
    margin = 1.96 * _standard_error(recalls, counts)
    chance = 1 / len(recalls)
    return ShortcutProbe(trait, accuracy, max(0.0, accuracy - margin), min(1.0, accuracy + margin), chance, len(labels))


def _standard_error(recalls: Sequence[float], counts: Sequence[int]) -> float:
    """Of a balanced accuracy: each class's own, with a success and a failure more so that none is surely perfect."""
    smoothed = [(recall * count + 1) / (count + 2) for recall, count in zip(recalls, counts, strict=True)]
    variances = [share * (1 - share) / (count + 2) for share, count in zip(smoothed, counts, strict=True)]
    return float(np.sqrt(np.sum(variances))) / len(recalls)


def _folds(labels: NDArray[np.int64], groups: NDArray[np.int64], folds: int, seed: int) -> Iterator[Any]:
    from sklearn.model_selection import StratifiedGroupKFold

    yield from StratifiedGroupKFold(folds, shuffle=True, random_state=seed).split(labels, labels, groups)
