"""From pictures to named classes, the most probable first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..datasets.photos import with_files_read
from ..errors import InvalidArgumentError
from ..features.choice import WORTH_MEASURING_IMAGES
from ..features.running import run_network
from ..keras_internals import operation_behind
from ..models.images import image_batch
from ..translatable import N_

_BATCH_SIZE = 32


@dataclass(frozen=True)
class Prediction:
    """One class with its probability.

    Attributes:
        class_name: Its name.
        probability: In [0, 1]; over all classes they add up to 1.
        index: Its label: the position among the network's outputs.
    """

    class_name: str
    probability: float
    index: int


def predict(
    model: Any, image_or_images: Any, *, class_names: Sequence[str] | None = None, top: int | None = None
) -> Any:
    """Classifies one image or several.

    Args:
        model: `run.model`, a `Run`, or a base that was built with its top.
        image_or_images: Raw RGB, `uint8` or `float32` in [0, 255]: `(H, W, 3)` or `(N, H, W, 3)`; or the path or the
            bytes of an image file, decoded as the app does it; or a list of these.
        class_names: Names of the outputs; None for those of the run or the base, else "class 0", "class 1", ...
        top: How many classes to return; None for all.

    Returns:
        For one image a list of `Prediction`, the most probable first; for several a list of such lists.

    Raises:
        DatasetError: A file that is not there, is no image, or is damaged.
        InvalidArgumentError: Images that are none, a model without a classifier, a wrong number of names.

    Example:
        >>> base = build_base("VGG16Slim", input_shape=(64, 64, 3), weights="embedded", include_top=True)
        >>> predict(base, "photo.jpg", top=1)
        [Prediction(class_name='...', probability=..., index=...)]
    """
    if top is not None and top < 1:
        raise InvalidArgumentError(N_("Expected `top` to be at least 1. Received: {top}."), top=top)
    network = getattr(model, "model", model)
    images = with_files_read(image_or_images, network.input_shape[1:])
    probabilities = predict_probabilities(network, images)
    names = _names(model, network, class_names, probabilities.shape[1])
    ranked = [rank_classes(row, names, top) for row in probabilities]
    return ranked[0] if np.ndim(images) == 3 else ranked


def predict_probabilities(
    model: Any, images: Any, *, progress: Callable[[int, int], None] | None = None
) -> NDArray[np.float32]:
    """Probabilities of every class; a single sigmoid output is spelled out as two classes.

    Args:
        model: A `keras.Model` that classifies.
        images: As for `predict`. Many of them run in the fastest exact runtime of this machine, as features do.
        progress: Called after each batch with (images done, images in all).

    Returns:
        `float32 (N, num_classes)`, rows add up to 1.

    Raises:
        InvalidArgumentError: Images that are none, or a model without a classifier.
    """
    if len(model.output_shape) != 2 or not _classifies(model):
        raise InvalidArgumentError(
            N_(
                "Expected a network that ends in a classifier. Received: {name}, whose output has the shape {shape}. "
                "Train a head first, or build the base with include_top=True."
            ),
            name=model.name,
            shape=model.output_shape,
        )
    batch = image_batch(images, input_shape=model.input_shape[1:])
    if len(batch) >= WORTH_MEASURING_IMAGES and type(model).__name__ == "Functional":
        return class_probabilities(run_network(model, batch, progress=progress)[0])
    parts = []
    for start in range(0, len(batch), _BATCH_SIZE):
        parts.append(np.asarray(model(batch[start : start + _BATCH_SIZE], training=False)))
        if progress is not None:
            progress(start + len(parts[-1]), len(batch))
    return class_probabilities(np.concatenate(parts))


def class_probabilities(outputs: NDArray[Any]) -> NDArray[np.float32]:
    """Probability of class 1, `(N, 1)` or `(N,)`, -> of both, `(N, 2)`; more classes stay as they are."""
    outputs = np.asarray(outputs, np.float32)
    outputs = outputs[:, np.newaxis] if outputs.ndim == 1 else outputs
    if outputs.shape[1] == 1:
        return np.concatenate([1 - outputs, outputs], axis=1)  # (N, 2)
    return outputs


def _classifies(model: Any) -> bool:
    """Whether the last layer gives probabilities: pooled features have the same shape and must not pass for them."""
    last = operation_behind(model.output)
    activation = getattr(getattr(last, "activation", None), "__name__", type(last).__name__.lower())
    return activation in ("softmax", "sigmoid")


def _names(model: Any, network: Any, class_names: Sequence[str] | None, count: int) -> Sequence[str]:
    if class_names is None:
        class_names = getattr(model, "class_names", None)
    if class_names is None:
        class_names = getattr(getattr(network, "tlcore_info", None), "class_names", None)
    if class_names is None:
        return [f"class {index}" for index in range(count)]
    if len(class_names) != count:
        raise InvalidArgumentError(
            N_("Expected {count} class names, one for each output. Received: {received}."),
            count=count,
            received=len(class_names),
        )
    return class_names


def rank_classes(row: NDArray[np.float32], names: Sequence[str], top: int | None = None) -> list[Prediction]:
    """The classes of one image, the most probable first.

    Args:
        row: `float32 (num_classes,)`, their probabilities.
        names: Of the classes.
        top: How many to return; None for all.
    """
    order = np.argsort(-row, kind="stable")[:top]
    return [Prediction(names[index], float(row[index]), int(index)) for index in order]
