"""The features of a set of images: extracted for training, and at all layers to look into them.

The tasks that look into them (see `channels` and `feature_space`) are told the same `FeatureSubject`. The features of
its images at all layers come from one pass through the base, which `survey_features` makes with its progress shown;
they lie in the features cache, where the other tasks find them at once (or make them again if they had to go).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from ...errors import InvalidArgumentError
from ...translatable import N_
from ..job import JobContext
from .datasets import read
from .effort import forward_is_short, weights_are_short
from .image_index import ImageIndex
from .limits import check_features
from .networks import open_network
from .references import DatasetReference, FeatureSubject, NetworkReference

if TYPE_CHECKING:
    from ...features.survey import LayerFeatures, LayerSurvey

_SEED = 0  # of random weights: the same network in every worker


@dataclass(frozen=True, slots=True)
class ExtractedFeatures:
    """What a base says of a set of images.

    Attributes:
        shape: (height, width, channels) of one image's features.
        counts: Split -> images.
        seconds: That it took.
        precision: "float32" or "bfloat16".
        runtime: What ran the base, now or when the features were kept: "tensorflow" or "litert".
        times_predict: How many times as fast as Keras's `predict` that is here; None where it was not measured.
        subject: The base and the images, as asked.
    """

    shape: tuple[int, int, int]
    counts: dict[str, int]
    seconds: float
    subject: FeatureSubject
    precision: str = "float32"
    runtime: str = "tensorflow"
    times_predict: float | None = None


@dataclass(frozen=True, slots=True)
class FeatureSurvey:
    """What the layers of a base answer to a set of images has been kept.

    Attributes:
        subject: The base and the images, as asked.
        shapes: Layer -> (height, width, channels) of its output, in the network's order.
        count: Images of the set.
        seconds: That it took.
    """

    subject: FeatureSubject
    shapes: dict[str, tuple[int, int, int]]
    count: int
    seconds: float


def extract_features(
    context: JobContext,
    *,
    base: str,
    weights: str | None,
    data: DatasetReference,
    precision: Literal["auto", "float32", "bfloat16"] = "float32",
) -> ExtractedFeatures:
    """Runs a base over all images of a set and keeps the features in the cache, where training finds them."""
    from ...features.frozen import FrozenNetwork

    dataset = read(context, data)
    check_features(base, dataset)
    shape = (*dataset.image_size, 3)
    reference = NetworkReference(base=base, weights=weights, input_shape=shape, include_top=False)
    frozen = FrozenNetwork(open_network(context, reference), precision)
    total = dataset.num_images
    short = context.may_take_minutes or forward_is_short(base, dataset.image_size, total)
    if not short and not all(frozen.is_known(split.images) for split in dataset.splits.values()):
        context.take_minutes()
    report = context.progress(N_("extracting features"))
    started, before, outputs = time.perf_counter(), 0, []
    for split in dataset.splits.values():
        outputs.append(
            frozen.outputs(
                split.images,
                progress=lambda done, _, before=before: report(before + done, total),  # type: ignore[misc]
            )
        )
        before += len(split)
        report(before, total)
    computation = outputs[0].computation
    return ExtractedFeatures(
        shape=outputs[0].arrays[0].shape[1:],
        counts={name: len(split) for name, split in dataset.splits.items()},
        seconds=time.perf_counter() - started,
        subject=FeatureSubject(base=base, weights=weights, data=data),
        precision=computation.precision,
        runtime=computation.runtime,
        times_predict=computation.times_predict,
    )


def survey_features(context: JobContext, *, subject: FeatureSubject) -> FeatureSurvey:
    """Runs a base over all images of a set and keeps what its layers answer."""
    started = time.perf_counter()
    images = ImageIndex(read(context, subject.data))
    features_of(context, subject, images)
    return FeatureSurvey(
        subject, dict(survey_of(subject, images).shapes), len(images.labels), time.perf_counter() - started
    )


def survey_of(subject: FeatureSubject, images: ImageIndex) -> LayerSurvey:
    """The base with its layers, for images of this size."""
    return _survey(subject.base, subject.weights, images.size)


@lru_cache(maxsize=1)
def _survey(base: str, weights: str | None, image_size: tuple[int, int]) -> LayerSurvey:
    """The base that was looked at last; read only."""
    import keras

    from ...features.survey import LayerSurvey, feature_layers
    from ...models import build_base

    keras.utils.set_random_seed(_SEED)
    network = build_base(base, input_shape=(*image_size, 3), weights=weights)
    return LayerSurvey(network, feature_layers(base))


def features_of(context: JobContext, subject: FeatureSubject, images: ImageIndex) -> dict[str, LayerFeatures]:
    """What all layers answer to all images, from the cache or made now."""
    if not weights_are_short(subject.base, subject.weights):
        context.take_minutes()
    survey = survey_of(subject, images)
    short = context.may_take_minutes or forward_is_short(subject.base, images.size, len(images.labels))
    if not short and not survey.is_known(images.all):
        context.take_minutes()
    return survey.of(images.all, progress=context.progress(N_("looking at all images")))


def features_at(features: dict[str, LayerFeatures], layer: str) -> LayerFeatures:
    """What one layer answers.

    Raises:
        InvalidArgumentError: The base has no such layer.
    """
    if layer not in features:
        raise InvalidArgumentError(
            N_("Expected `layer` to be one of {names}. Received: {value!r}. Choose one of them."),
            names=list(features),
            value=layer,
        )
    return features[layer]
