"""Makes a set of images of what was recorded with a camera.

Frames of a camera that stands still all look alike, so a search for near-duplicates would find one image a class and
refuse the rest. Whoever records moves the thing or the camera, and what they did between two presses of the button is
another scene. So the groups that a split keeps together are the *bursts*, from pressing the button to letting it go.
A burst that is most of its class is cut in the order of time, so that what is held out comes from its end: neighbours
stand on both sides of a cut, but only there. Whoever records each class three times or more is tested on bursts that
the network has not seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import DatasetError
from ..translatable import N_
from .dataset import Dataset, ImportNote, RejectedFile
from .images import decode_image
from .registry import check_image_size, check_memory, check_whole_number
from .splits import DEFAULT_FRACTIONS, MIN_IMAGES_PER_CLASS, make_split, split_indices

_ONE_GO = N_(
    "Recorded in fewer than three goes: {classes}. The test images are then the end of a recording whose beginning the "
    "network learns from, and the result flatters it. Record those classes again, with the thing or the camera moved."
)
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Frame:
    """One picture of a recording.

    Attributes:
        class_name: What it shows.
        burst: Of the class; frames of one burst share it and follow each other.
        name: For messages and `Split.sources`.
        read: Gives its file.
    """

    class_name: str
    burst: int
    name: str
    read: Callable[[], bytes]


def recorded_dataset(
    frames: Sequence[Frame],
    *,
    name: str,
    image_size: tuple[int, int] = (150, 150),
    seed: int = 0,
    progress: Progress | None = None,
) -> Dataset:
    """Reads recorded frames and splits them 60 / 20 / 20, bursts kept together as `burst_groups` says.

    Args:
        frames: In the order of time within each burst.
        name: Of the dataset.
        image_size: (height, width) in pixels.
        seed: Of the split.
        progress: Called with how many frames are read and how many there are; what it raises stops the work.

    Returns:
        The dataset, classes in the order in which they come.

    Raises:
        DatasetError: There are too few classes, or too few frames of one.
        InvalidArgumentError: A size or seed cannot be, or the images would not fit into memory.
    """
    check_image_size(image_size)
    check_whole_number("seed", seed, 0, 2**32 - 1)
    check_memory(len(frames), image_size)
    images: list[NDArray[np.uint8]] = []
    kept: list[Frame] = []
    rejected: list[RejectedFile] = []
    for done, frame in enumerate(frames, start=1):
        try:
            images.append(decode_image(frame.read(), image_size=image_size, name=frame.name))
            kept.append(frame)
        except DatasetError as error:
            rejected.append(RejectedFile(frame.name, error.template, error.params))
        if progress is not None:
            progress(done, len(frames))
    class_names = tuple(dict.fromkeys(frame.class_name for frame in frames))
    labels = np.array([class_names.index(frame.class_name) for frame in kept], np.int64)
    _check_classes(class_names, labels)
    groups = burst_groups(labels, [frame.burst for frame in kept])
    parts = split_indices(labels, groups, num_classes=len(class_names), seed=seed)
    pixels, names = np.stack(images), [frame.name for frame in kept]
    train, validation, test = (make_split(pixels, labels, names, part) for part in parts)
    notes = _notes(class_names, labels, kept)
    return Dataset(name, class_names, train, validation, test, tuple(rejected), notes=notes)


def _notes(class_names: Sequence[str], labels: NDArray[np.int64], frames: Sequence[Frame]) -> tuple[ImportNote, ...]:
    """That the held-out images of some classes are the end of what was learned from."""
    bursts = {(int(label), frame.burst) for label, frame in zip(labels, frames, strict=True)}
    counts = Counter(label for label, _burst in bursts)
    few = [name for label, name in enumerate(class_names) if counts[label] < len(DEFAULT_FRACTIONS)]
    return (ImportNote(_ONE_GO, {"classes": ", ".join(few)}),) if few else ()


def burst_groups(labels: NDArray[np.int64], bursts: Sequence[int]) -> NDArray[np.int64]:
    """The group of each frame: its burst, or the piece of it where a burst is too much of its class.

    Args:
        labels: `int64 (N,)`.
        bursts: Of each frame; frames of one burst stand in the order of time.

    Returns:
        `int64 (N,)`; three groups or more of each class that has three frames or more.
    """
    groups, used = np.zeros(len(labels), np.int64), 0
    numbers = np.asarray(bursts, np.int64)
    for label in np.unique(labels):
        members = [
            np.flatnonzero((labels == label) & (numbers == burst)) for burst in np.unique(numbers[labels == label])
        ]
        for piece in _cut(members):
            groups[piece] = used
            used += 1
    return groups


def _cut(bursts: list[NDArray[np.int64]]) -> list[NDArray[np.int64]]:
    """The bursts of one class, the long ones in pieces that a split can place."""
    total = sum(map(len, bursts))
    learned, held_out = (max(1, round(share * total)) for share in DEFAULT_FRACTIONS[:2])
    pieces = []
    for burst in bursts:
        rest = len(burst) - learned
        count = round(rest / held_out) if rest > 0 else 0
        pieces += [burst[:learned], *np.array_split(burst[learned:], count)] if count else [burst]
    while len(pieces) < len(DEFAULT_FRACTIONS) and any(len(piece) > 1 for piece in pieces):
        shortest = min((index for index, piece in enumerate(pieces) if len(piece) > 1), key=lambda i: len(pieces[i]))
        pieces[shortest : shortest + 1] = np.array_split(pieces[shortest], 2)
    return pieces


def _check_classes(class_names: Sequence[str], labels: NDArray[np.int64]) -> None:
    if len(class_names) < 2:
        raise DatasetError(N_("Two classes or more have to be recorded. Record images of another class."))
    for label, class_name in enumerate(class_names):
        count = int((labels == label).sum())
        if count < MIN_IMAGES_PER_CLASS:
            raise DatasetError(
                N_("Each class needs {least} images: {class_name!r} has {count}. Record more of that class."),
                least=MIN_IMAGES_PER_CLASS,
                class_name=class_name,
                count=count,
            )
