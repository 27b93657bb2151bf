"""The features of a set of images: extracted for training, and at all layers to look into them.

The tasks that look into them (see `channels` and `feature_space`) are told the same subject: `base`, `weights` and
`data`. The features of its images at all layers come from one pass through the base, which `survey_features` makes
with its progress shown; they lie in the features cache, where the other tasks find them at once (or make them again if
they had to go).

An image is named by its index in `ImageIndex`. A photo is either `{"place": 12}` or a person's own file,
`{"image": bytes, "file_name": str}`.
"""

from __future__ import annotations

import time
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ...errors import InvalidArgumentError
from ...translatable import N_
from ..job import JobContext
from .datasets import read
from .image_index import ImageIndex

if TYPE_CHECKING:
    from ...features.survey import LayerFeatures, LayerSurvey


_SEED = 0  # of random weights: the same network in every worker


def extract_features(
    context: JobContext, *, base: str, weights: str | None, data: dict[str, Any], precision: str = "float32"
) -> dict[str, Any]:
    """Runs a base over all images of a dataset and keeps the features in the cache, where training finds them.

    Returns:
        `shape` (height, width, channels) of one image's features, `counts` of images per split, `seconds`.
    """
    from ...features import extract_features as extract
    from ...models import build_base

    dataset = read(context, data)
    network = build_base(base, input_shape=(*dataset.image_size, 3), weights=weights)
    total = sum(len(split) for split in dataset.splits.values())
    report = context.progress(N_("extracting features"))
    started, before, shape = time.perf_counter(), 0, (0, 0, 0)
    for split in dataset.splits.values():
        features = extract(
            network,
            split.images,
            precision=precision,  # type: ignore[arg-type]
            cache=True,
            progress=lambda done, _, before=before: report(before + done, total),  # type: ignore[misc]
        )
        before, shape = before + len(split), features.shape[1:]
        report(before, total)
    counts = {name: len(split) for name, split in dataset.splits.items()}
    return {"shape": shape, "counts": counts, "seconds": time.perf_counter() - started}


def survey_features(context: JobContext, *, base: str, weights: str | None, data: dict[str, Any]) -> dict[str, Any]:
    """Runs a base over all images of a set and keeps what its layers answer.

    Returns:
        `subject` (`base`, `weights`, `data` as asked), `layers` (dicts of `name`, `shape`), `count` of images,
        `seconds`.
    """
    started = time.perf_counter()
    images = ImageIndex(read(context, data))
    survey = survey_of(base, weights, images.size)
    features_of(context, survey, images)
    return {
        "subject": {"base": base, "weights": weights, "data": data},
        "layers": [{"name": name, "shape": list(shape)} for name, shape in survey.shapes.items()],
        "count": len(images.labels),
        "seconds": time.perf_counter() - started,
    }


@lru_cache(maxsize=1)
def survey_of(base: str, weights: str | None, image_size: tuple[int, int]) -> LayerSurvey:
    """The base that was looked at last, with its layers; read only."""
    import keras

    from ...features.survey import LayerSurvey, feature_layers
    from ...models import build_base

    keras.utils.set_random_seed(_SEED)
    network = build_base(base, input_shape=(*image_size, 3), weights=weights)
    return LayerSurvey(network, feature_layers(base))


def features_of(context: JobContext, survey: LayerSurvey, images: ImageIndex) -> dict[str, LayerFeatures]:
    return survey.of(images.all, progress=context.progress(N_("looking at all images")))


def features_at(features: dict[str, LayerFeatures], layer: str) -> LayerFeatures:
    if layer not in features:
        raise InvalidArgumentError(
            N_("Expected `layer` to be one of {names}. Received: {value!r}. Choose one of them."),
            names=list(features),
            value=layer,
        )
    return features[layer]
