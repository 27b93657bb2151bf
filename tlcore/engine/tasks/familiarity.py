"""Whether a trained network knows such photos at all: the photo among the images that it learned from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from ...errors import InvalidArgumentError
from ...translatable import N_
from ..job import JobContext
from .datasets import read
from .effort import forward_is_short
from .image_index import ShownImage, thumbnail
from .networks import open_network
from .prediction import network_pixels
from .references import DatasetReference, NetworkReference
from .trained_run import kept_run

if TYPE_CHECKING:
    from ...datasets import Dataset
    from ...features.frozen import FrozenNetwork
    from ...inference.familiarity import FamiliarityMeter

NEAREST_SHOWN = 4
_BATCH_SIZE = 32


@dataclass(frozen=True, slots=True, eq=False)
class PhotoFamiliarity:
    """How far a photo lies from what a network has learned from.

    Attributes:
        distance: See `tlcore.inference.familiarity.FamiliarityMeter`.
        threshold: Beyond it a photo is called strange.
        known: `float32 (N,)`: the distance of each training image to the others, in ascending order.
        farther_than: Share of the training images whose distance is smaller than the photo's, in [0, 1].
        test_beyond: Share of the test images, which are of the known classes, that lie beyond the threshold.
        nearest: The training images that are most like the photo, for the network.
    """

    distance: float
    threshold: float
    known: NDArray[np.float32]
    farther_than: float
    test_beyond: float
    nearest: tuple[ShownImage, ...]

    @property
    def is_strange(self) -> bool:
        """Whether the photo lies beyond the threshold."""
        return self.distance > self.threshold


@dataclass(frozen=True, eq=False)
class KnownImages:
    """What a network learned from, as the network itself describes it.

    Attributes:
        dataset: The images.
        network: Gives the features of an image.
        train: `float32 (N, channels)` of the training images.
        meter: Of the distance to them.
        test_beyond: As in `PhotoFamiliarity`.
    """

    dataset: Dataset
    network: FrozenNetwork
    train: NDArray[np.float32]
    meter: FamiliarityMeter
    test_beyond: float

    def features(self, images: NDArray[Any]) -> NDArray[np.float32]:
        """Of people's photos, `float32 (N, channels)`, computed anew: they leave no trace on disk."""
        from ...features.choice import WORTH_MEASURING_IMAGES
        from ...features.running import run_network

        model = self.network.model
        if len(images) >= WORTH_MEASURING_IMAGES:
            return np.asarray(run_network(model, images)[0], np.float32)
        few = [images[start : start + _BATCH_SIZE] for start in range(0, len(images), _BATCH_SIZE)]
        return np.concatenate([np.asarray(model(part, training=False), np.float32) for part in few])


#: Pooled bases by the run that they belong to; the worker keeps few runs, see `networks`.
_pooled: WeakKeyDictionary[Any, FrozenNetwork] = WeakKeyDictionary()


def familiarity(context: JobContext, *, network: NetworkReference, image: bytes) -> PhotoFamiliarity:
    """How far a photo lies from the images that a trained network has learned from.

    Args:
        context: Of the job.
        network: A trained one.
        image: An encoded picture, such as `PhotoAnswer.photo`.

    Raises:
        InvalidArgumentError: A base, whose training images are not here; or images that are here no longer.
    """
    from ...features.neighbours import nearest_neighbours

    known = known_images(context, network)
    features = known.features(network_pixels(known.network.model, image, "image")[np.newaxis])
    distance = float(known.meter.distances(features)[0])
    near = nearest_neighbours(known.train, features[0], count=NEAREST_SHOWN)
    train = known.dataset.train
    return PhotoFamiliarity(
        distance=distance,
        threshold=known.meter.threshold,
        known=known.meter.known.astype(np.float32),
        farther_than=known.meter.farther_than(distance),
        test_beyond=known.test_beyond,
        nearest=tuple(
            ShownImage(each.index, int(train.labels[each.index]), train.sources[each.index], thumb)
            for each in near
            for thumb in [thumbnail(np.asarray(train.images[each.index]))]
        ),
    )


def known_images(context: JobContext, network: NetworkReference) -> KnownImages:
    """The training images of a trained network and their features, from the cache or made now.

    Raises:
        InvalidArgumentError: A base, or images that are here no longer or too few.
    """
    from ...inference.familiarity import FamiliarityMeter

    run = open_network(context, network)
    dataset = read(context, _data_of(context, network))
    frozen = _pooled_of(run)
    report = context.progress(N_("looking at the training images"))
    parts = [dataset.train, dataset.test]
    total = sum(map(len, parts))
    is_short = context.may_take_minutes or forward_is_short(run.spec.base, dataset.image_size, total)
    if not is_short and not all(frozen.is_known(part.images) for part in parts):
        context.take_minutes()
    train, test = (np.asarray(frozen.outputs(part.images, progress=report).arrays[0], np.float32) for part in parts)
    meter = FamiliarityMeter(train, dataset.train.labels)
    beyond = float((meter.distances(test) > meter.threshold).mean())
    return KnownImages(dataset, frozen, train, meter, beyond)


def _data_of(context: JobContext, network: NetworkReference) -> DatasetReference:
    kept = None if network.run_id is None else kept_run(context.store, network.run_id)
    if kept is None or kept.run.data is None:
        raise InvalidArgumentError(
            N_(
                "Expected a network that was trained here. Received: {value!r}, whose training images are not here. "
                "Train a network of your own."
            ),
            value=network.base or network.run_id,
        )
    return kept.run.data


def _pooled_of(run: Any) -> FrozenNetwork:
    from ...features.frozen import FrozenNetwork
    from ...inference.familiarity import pooled_network

    if run.model not in _pooled:
        _pooled[run.model] = FrozenNetwork(pooled_network(run.network.base), "float32")
    return _pooled[run.model]
