"""Labels that look wrong, and what it changes to put them right."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ...translatable import N_
from ..job import JobContext
from .effort import forward_is_short
from .gallery import open_edited
from .networks import open_network
from .references import DatasetReference, NetworkReference

if TYPE_CHECKING:
    from ...datasets import Dataset


@dataclass(frozen=True, slots=True)
class SuspectImage:
    """An image whose label is doubted.

    Attributes:
        index: Its number in the set as it was brought.
        class_name: That it has, by the name that edits have for it.
        suggested: The likeliest other class.
        margin: Probability of its class minus that of the suggested one, [-1, 1].
    """

    index: int
    class_name: str
    suggested: str
    margin: float


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """How a classifier did on the test images.

    Attributes:
        right, total: Of the test images.
        low, high: Where the share lies with 95 % confidence.
    """

    right: int
    total: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class SuspectLabels:
    """What the probes say of the labels of a set.

    Attributes:
        data: The set.
        base: Whose features they work on.
        suspects: The most suspicious first, about a fifth of the examined ones.
        examined: Training and validation images. Test images are not: what a network says must not decide on them.
        disagreeing: Of them, how many the probes would put into another class.
        as_brought: A probe trained on the labels that the set was brought with.
        now: One that was trained on the labels as they are now, on the same test images.
        seconds: That all of it took.
    """

    data: DatasetReference
    base: str
    suspects: tuple[SuspectImage, ...]
    examined: int
    disagreeing: int
    as_brought: ProbeResult
    now: ProbeResult
    seconds: float


def suspect_labels(context: JobContext, *, data: DatasetReference, base: str, weights: str | None) -> SuspectLabels:
    """Ranks the training and validation images by how little a probe, which has not seen them, agrees with their label.

    Args:
        context: Of the job.
        data: The set.
        base: Name in the registry; its features of the set as it was brought are kept, so that the next time is quick.
        weights: As in `tlcore.build_base`.
    """
    from ...datasets.edits import DELETED, all_labels
    from ...datasets.suspects import number_shown, rank_suspects

    started = time.perf_counter()
    brought, edited = open_edited(context, data)
    features = _features(context, brought, base, weights)
    report = context.progress(N_("looking for suspicious labels"))
    report(0, 2)
    first_of_test = len(brought.train) + len(brought.validation)
    examined = np.flatnonzero(edited.labels[:first_of_test] != DELETED)
    names = edited.class_names
    ranked = rank_suspects(features[examined], edited.labels[examined], num_classes=len(names))
    report(1, 2)
    shown = ranked[: number_shown(len(ranked))]
    now = _tested(features, edited.labels, edited.labels, first_of_test)
    merged = len(names) != brought.num_classes
    before = now if merged else _tested(features, all_labels(brought), edited.labels, first_of_test)
    report(2, 2)
    return SuspectLabels(
        data=data,
        base=base,
        suspects=tuple(
            SuspectImage(int(examined[each.place]), names[each.label], names[each.suggested], each.margin)
            for each in shown
        ),
        examined=len(examined),
        disagreeing=sum(each.is_disagreement for each in ranked),
        as_brought=before,
        now=now,
        seconds=time.perf_counter() - started,
    )


def _tested(
    features: NDArray[np.float32], labels: NDArray[np.int64], test_labels: NDArray[np.int64], first_of_test: int
) -> ProbeResult:
    """A probe trained on all images but the test, with `labels`; the test images have the labels they have now."""
    from ...datasets.edits import DELETED
    from ...datasets.suspects import count_right
    from ...inference.metrics import wilson_interval

    known = np.flatnonzero(labels[:first_of_test] != DELETED)
    test = first_of_test + np.flatnonzero(test_labels[first_of_test:] != DELETED)
    right = count_right(features[known], labels[known], features[test], test_labels[test])
    interval = wilson_interval(right, len(test))
    return ProbeResult(right, len(test), interval["low"], interval["high"])


def _features(context: JobContext, brought: Dataset, base: str, weights: str | None) -> NDArray[np.float32]:
    """Mean over the positions of what a base says of each image, `float32 (N, channels)`; kept on disk."""
    from ...features.frozen import FrozenNetwork

    reference = NetworkReference(base=base, weights=weights, input_shape=(*brought.image_size, 3), include_top=False)
    frozen = FrozenNetwork(open_network(context, reference), "float32")
    splits = list(brought.splits.values())
    total = sum(map(len, splits))
    short = context.may_take_minutes or forward_is_short(base, brought.image_size, total)
    if not short and not all(frozen.is_known(split.images) for split in splits):
        context.take_minutes()
    report, before, parts = context.progress(N_("extracting features")), 0, []
    for split in splits:
        outputs = frozen.outputs(
            split.images,
            progress=lambda done, _, before=before: report(before + done, total),  # type: ignore[misc]
        )
        parts.append(np.asarray(outputs.arrays[0], np.float32).mean(axis=(1, 2)))  # (images, channels)
        before += len(split)
    report(total, total)
    return np.concatenate(parts)
