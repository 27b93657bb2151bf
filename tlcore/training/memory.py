"""How much memory a run will take, told before it begins: needs no tensorflow."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

from tlcore.architectures.summary import ArchitectureSummary
from tlcore.errors import TrainingError
from tlcore.models.head import kernel_shapes
from tlcore.models.unfreezing import tabled_unfreeze_layer
from tlcore.settings import get_settings
from tlcore.translatable import N_

from .methods import get_method
from .plan import feature_shape, layer_sizes
from .specification import TrainingSpec

if TYPE_CHECKING:
    from tlcore.datasets import Dataset

#: A worker that has imported tensorflow and compiled its first functions.
WORKER_BYTES = 700 * 1024**2
_FLOAT = 4
_MB = 1024**2
#: Of each weight that is there: itself, a copy for measuring the drift, and one that inference is compiled from.
_COPIES_OF_WEIGHTS = 3
#: Of each that is trained: its gradient, two slots of the optimiser, the best so far, and what a checkpoint copies.
_COPIES_OF_TRAINED = 6
#: A forward pass holds what a layer reads and what it writes, and with that what a convolution lays out anew.
_COPIES_OF_LARGEST = 3
_IMAGES_AT_ONCE = 32  # that go through frozen layers whose outputs are kept
#: Outputs are computed in memory before they go to disk; the network and what trains on them need room, too.
_SHARE_FOR_FEATURES = 0.35


@dataclass(frozen=True)
class MemoryEstimate:
    """Bytes that a run will take at its peak.

    Attributes:
        worker: Before anything is loaded.
        images: Of all parts, `uint8`.
        weights: Of the network, with gradients, the optimiser's memory and the copies that are kept.
        features: That the frozen layers are kept as, of all images.
        activations: Of one batch: what the backward pass needs, and what the largest layer needs meanwhile.
    """

    worker: int
    images: int
    weights: int
    features: int
    activations: int

    @property
    def total(self) -> int:
        """All of them together."""
        return self.worker + self.images + self.weights + self.features + self.activations


def estimate_memory(
    spec: TrainingSpec,
    image_size: tuple[int, int],
    num_classes: int,
    num_images: int,
    summary: ArchitectureSummary,
) -> MemoryEstimate:
    """What a run will take, from the numbers of weights and of activations.

    The backward pass needs the output of each layer that is trained: batch size times the sum of their outputs, in
    float32, where frozen layers need no more than the largest of them (Chen et al. 2016, "Training Deep Nets with
    Sublinear Memory Cost", section 3). Weights count three times, trained ones six times more (gradient, two slots of
    the optimiser, the best epoch, the checkpoint's copy). Against peaks of processes of their own, from heads alone to
    whole networks at batches of 16 to 256, this is 0.89 to 1.19 times what was measured (a test has the figures).

    Args:
        spec: The run.
        image_size: (height, width) of the images.
        num_classes: That the head tells apart.
        num_images: Of all parts.
        summary: Table of the base without its top, at any image size.
    """
    parts = _Parts.of(spec, image_size, num_classes, summary)
    first, outputs = parts.first_trained, parts.outputs
    trained = parts.head + sum(layer.num_trainable_params for layer in summary.layers[first:])
    features = _FLOAT * num_images * outputs[first - 1] if first and spec.cache and not spec.augmentation else 0
    kept = 0 < features <= most_feature_bytes()
    frozen_images = _IMAGES_AT_ONCE if kept else spec.batch_size
    passing = max(frozen_images * max(outputs[:first], default=0), spec.batch_size * max(outputs[first:], default=0))
    return MemoryEstimate(
        worker=WORKER_BYTES,
        images=num_images * prod(image_size) * 3,
        weights=_FLOAT * (_COPIES_OF_WEIGHTS * (summary.total_params + parts.head) + _COPIES_OF_TRAINED * trained),
        features=features if kept else 0,
        activations=_FLOAT * (spec.batch_size * sum(outputs[first:]) + _COPIES_OF_LARGEST * passing),
    )


def check_memory_for(spec: TrainingSpec, data: Dataset) -> None:
    """As `check_memory`, for images at hand.

    Args:
        spec: The run.
        data: Its images.

    Raises:
        TrainingError: As there.
    """
    from tlcore.architectures import describe

    check_memory(spec, data.image_size, data.num_classes, data.num_images, describe(spec.base, include_top=False))


def check_memory(
    spec: TrainingSpec,
    image_size: tuple[int, int],
    num_classes: int,
    num_images: int,
    summary: ArchitectureSummary,
) -> None:
    """Refuses a run that would take more memory than a worker may.

    Args:
        spec, image_size, num_classes, num_images, summary: As for `estimate_memory`.

    Raises:
        TrainingError: It says how much it would take, of what, and which batch would do.
    """
    limit = get_settings().memory_of_a_worker
    facts: tuple[Any, ...] = (image_size, num_classes, num_images, summary)
    estimate = estimate_memory(spec, *facts)
    if estimate.total <= limit:
        return
    smaller = (spec.model_copy(update={"batch_size": spec.batch_size >> times}) for times in range(1, 12))
    fitting = next((each for each in smaller if each.batch_size and estimate_memory(each, *facts).total <= limit), None)
    sizes = {"limit": limit // _MB, "needed": estimate.total // _MB, "height": image_size[0], "width": image_size[1]}
    if fitting is not None:
        raise TrainingError(
            N_(
                "Expected a training that takes at most {limit} MB of memory. This one would take about {needed} MB, "
                "{activations} MB of it for a batch of {batch_size} images of {height}×{width}. Train with batches of "
                "{fitting}, with smaller images or on a smaller base."
            ),
            activations=estimate.activations // _MB,
            batch_size=spec.batch_size,
            fitting=fitting.batch_size,
            **sizes,
        )
    raise TrainingError(
        N_(
            "Expected a training that takes at most {limit} MB of memory. This one would take about {needed} MB: "
            "{weights} MB for the weights, {images} MB for images of {height}×{width}, {features} MB for their "
            "features. Choose a smaller base, a smaller head, or fewer or smaller images."
        ),
        weights=estimate.weights // _MB,
        images=estimate.images // _MB,
        features=estimate.features // _MB,
        **sizes,
    )


def most_feature_bytes() -> int:
    """Features of all images that may be kept; with more, the frozen layers run again for each batch.

    Not by the memory that happens to be free: the same run must be done in the same way each time.
    """
    return int(_SHARE_FOR_FEATURES * get_settings().memory_of_a_worker)


@dataclass(frozen=True)
class _Parts:
    """The network in numbers.

    Attributes:
        outputs: Of each layer of the base, for one image.
        first_trained: Position of the first of these layers that is trained at any time; behind the last if none is.
        head: Weights of the head.
    """

    outputs: tuple[int, ...]
    first_trained: int
    head: int

    @classmethod
    def of(
        cls, spec: TrainingSpec, image_size: tuple[int, int], num_classes: int, summary: ArchitectureSummary
    ) -> _Parts:
        sizes = layer_sizes(summary, image_size)
        outputs = [_numbers(layer.output_shape, sizes[layer.name]) for layer in summary.layers]
        names, method = [layer.name for layer in summary.layers], get_method(spec.method)
        first = 0 if method.trains_everything_at_once else len(names)
        if method.fine_tunes and spec.fine_tuning_epochs:
            layer = tabled_unfreeze_layer(spec.base, spec.unfreeze_from)
            first = names.index(layer) if layer in names else first  # training refuses it
        kernels = kernel_shapes(spec.head_spec(num_classes), feature_shape(summary, image_size))
        return cls(tuple(outputs), first, sum((inputs + 1) * units for inputs, units in kernels.values()))


def _numbers(shape: tuple[int | None, ...], size: tuple[int, int]) -> int:
    """How many numbers a layer gives out for an image, maps at another size than the table's."""
    return prod(size) * int(shape[-1] or 0) if len(shape) == 3 else prod(side or 1 for side in shape)
