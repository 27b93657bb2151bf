"""What a network says of a photo, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from ...translatable import N_
from ..job import JobContext
from .effort import forward_is_short
from .image_index import full_size
from .networks import open_network
from .references import NetworkReference

if TYPE_CHECKING:
    from ...inference import Prediction

COVERED_PART = 5  # of the side of an image, to be covered by a patch
PATCHES_IN_A_ROW = 12
LONGEST_SHOWN = 640  # pixels of a photo on the screen


@dataclass(frozen=True, slots=True)
class PhotoAnswer:
    """What a network says of a photo.

    Attributes:
        network: Who was asked.
        predictions: All classes, the likeliest first.
        photo: What the network saw, as a PNG file: to be handed to `explain`, for which it is the same photo in a
            fraction of the size.
        whole: All of the photo, upright, as a PNG file to be shown; what the network saw lies in its middle and is as
            large as fits.
    """

    network: NetworkReference
    predictions: tuple[Prediction, ...]
    photo: bytes
    whole: bytes


@dataclass(frozen=True, slots=True, eq=False)
class PhotoExplanation:
    """Which parts of a photo speak for a class.

    Attributes:
        image: What the network saw, `uint8 (H, W, 3)`.
        heat: `float32 (H, W)` in [0, 1].
        fall: Of occlusion: by how much of the probability the worst part to cover lowers it, in [0, 1]; else None.
    """

    image: NDArray[np.uint8]
    heat: NDArray[np.float32]
    fall: float | None = None


def predict(context: JobContext, *, network: NetworkReference, image: bytes, file_name: str = "image") -> PhotoAnswer:
    """Asks a network what an image shows.

    Args:
        context: Of the job.
        network: A trained one, or a base with its own classes.
        image: An encoded picture.
        file_name: Of the picture, for messages.
    """
    from ...datasets import decode_image
    from ...inference import predict as predict_classes

    model = open_network(context, network)
    pixels = _pixels(model, image, file_name)
    whole = decode_image(image, longest_side=LONGEST_SHOWN, name=file_name)
    return PhotoAnswer(network, tuple(predict_classes(model, pixels)), full_size(pixels), full_size(whole))


def explain(
    context: JobContext,
    *,
    network: NetworkReference,
    image: bytes,
    class_index: int,
    method: Literal["grad_cam", "occlusion"] = "grad_cam",
) -> PhotoExplanation:
    """Which parts of an image speak for a class.

    Args:
        context: Of the job.
        network: As for `predict`.
        image: An encoded picture, such as `PhotoAnswer.photo`.
        class_index: Label of the class.
        method: "grad_cam", or "occlusion": parts are covered one after the other.
    """
    from ...explanation import grad_cam

    model = open_network(context, network)
    pixels = _pixels(model, image, "image")
    if method == "grad_cam":
        return PhotoExplanation(pixels, grad_cam(model, pixels, class_index))
    base = model.spec.base if network.is_trained else network.base or ""
    if not forward_is_short(base, pixels.shape[:2], PATCHES_IN_A_ROW**2):
        context.take_minutes()
    return _cover_parts(context, model, pixels, class_index)


def _cover_parts(context: JobContext, model: Any, pixels: NDArray[np.uint8], class_index: int) -> PhotoExplanation:
    from ...explanation import occlusion_map

    side = min(pixels.shape[:2])
    falls = occlusion_map(
        model,
        pixels,
        class_index,
        patch=max(1, side // COVERED_PART),
        stride=max(1, side // PATCHES_IN_A_ROW),
        progress=context.progress(N_("covering parts of the photo")),
    )
    fall = max(0.0, float(falls.max()))
    return PhotoExplanation(pixels, (falls / fall if fall else falls).clip(0, 1), fall)


def _pixels(model: Any, image: bytes, file_name: str) -> NDArray[np.uint8]:
    """An image file at the size that the network takes: `uint8 (H, W, 3)`."""
    from ...datasets import decode_image

    height, width = getattr(model, "model", model).input_shape[1:3]
    return decode_image(image, image_size=(height, width), name=file_name)
