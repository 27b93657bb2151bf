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
    from ...datasets import ImportNote
    from ...inference import Prediction

Method = Literal["grad_cam", "occlusion", "smooth_gradients"]
COVERED_PART = 5  # of the side of an image, to be covered by a patch
PATCHES_IN_A_ROW = 12
LONGEST_SHOWN = 640  # pixels of a photo on the screen
_NOISY_COPIES = 24
_PASSES = {"grad_cam": 3, "occlusion": PATCHES_IN_A_ROW**2, "smooth_gradients": 3 * _NOISY_COPIES}  # back is 2 forth
#: Times that random weights are drawn: a coarse map is alike by chance now and then, and with some nothing speaks for a
#: class, so that no map is there to compare.
_DRAWS = {"grad_cam": 5, "smooth_gradients": 3, "occlusion": 2}


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
        note: What makes the answer worth little, if anything does, see `tlcore.datasets.photos.blank_note`.
    """

    network: NetworkReference
    predictions: tuple[Prediction, ...]
    photo: bytes
    whole: bytes
    note: ImportNote | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PhotoExplanation:
    """Which parts of a photo speak for a class.

    Attributes:
        image: What the network saw, `uint8 (H, W, 3)`.
        heat: `float32 (H, W)` in [0, 1].
        fall: Of occlusion: by how much of the probability the worst part to cover lowers it, in [0, 1]; else None.
        share: Probability of the class, in [0, 1].
    """

    image: NDArray[np.uint8]
    heat: NDArray[np.float32]
    fall: float | None = None
    share: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class MapCheck:
    """A map beside that of a network of the same shape which has forgotten everything.

    Attributes:
        heat: Of the network, `float32 (H, W)` in [0, 1].
        random_heat: Of one whose weights were drawn anew; all 0 where nothing speaks for the class in any.
        likeness: Of the two, see `tlcore.explanation.map_likeness`; the mean over the draws that gave a map.
        draws: How many gave one.
    """

    heat: NDArray[np.float32]
    random_heat: NDArray[np.float32]
    likeness: float
    draws: int


def predict(context: JobContext, *, network: NetworkReference, image: bytes, file_name: str = "image") -> PhotoAnswer:
    """Asks a network what an image shows.

    Args:
        context: Of the job.
        network: A trained one, or a base with its own classes.
        image: An encoded picture.
        file_name: Of the picture, for messages.
    """
    from ...datasets import decode_image
    from ...datasets.photos import blank_note
    from ...inference import predict as predict_classes

    model = open_network(context, network)
    pixels = network_pixels(model, image, file_name)
    whole = decode_image(image, longest_side=LONGEST_SHOWN, name=file_name)
    return PhotoAnswer(
        network,
        tuple(predict_classes(model, pixels)),
        full_size(pixels),
        full_size(whole),
        blank_note(pixels, file_name),
    )


def explain(
    context: JobContext,
    *,
    network: NetworkReference,
    image: bytes,
    class_index: int,
    method: Method = "grad_cam",
    layer: str | None = None,
) -> PhotoExplanation:
    """Which parts of an image speak for a class.

    Args:
        context: Of the job.
        network: As for `predict`.
        image: An encoded picture, such as `PhotoAnswer.photo`.
        class_index: Label of the class.
        method: "grad_cam"; "occlusion": parts are covered one after the other; "smooth_gradients": which pixels the
            score answers to.
        layer: Of Grad-CAM: whose map is used; None for the last.
    """
    from ...inference import predict as predict_classes

    model = open_network(context, network)
    pixels = network_pixels(model, image, "image")
    _check_effort(context, network, pixels, method)
    heat, fall = _map(context, model, pixels, class_index, method, layer)
    shares = {prediction.index: prediction.probability for prediction in predict_classes(model, pixels)}
    return PhotoExplanation(pixels, heat, fall, shares.get(class_index, 0.0))


def check_map(
    context: JobContext,
    *,
    network: NetworkReference,
    image: bytes,
    class_index: int,
    method: Method = "grad_cam",
    layer: str | None = None,
) -> MapCheck:
    """The map of a network beside that of the same network with random weights; arguments as for `explain`."""
    from ...explanation import map_likeness, randomized

    model = open_network(context, network)
    pixels = network_pixels(model, image, "image")
    _check_effort(context, network, pixels, method, times=1 + _DRAWS[method])
    heat, _fall = _map(context, model, pixels, class_index, method, layer)
    report = context.progress(N_("trying random weights"))
    maps = []
    for seed in range(_DRAWS[method]):
        report(seed, _DRAWS[method])
        drawn, _fall = _map(context, randomized(model, seed=seed), pixels, class_index, method, layer)
        if np.ptp(drawn):
            maps.append(drawn)
    report(_DRAWS[method], _DRAWS[method])
    likeness = float(np.mean([map_likeness(heat, drawn) for drawn in maps])) if maps else 0.0
    return MapCheck(heat, maps[0] if maps else np.zeros_like(heat), likeness, len(maps))


def _check_effort(
    context: JobContext, network: NetworkReference, pixels: NDArray[np.uint8], method: Method, *, times: int = 1
) -> None:
    base = open_network(context, network).spec.base if network.is_trained else network.base or ""
    if not forward_is_short(base, pixels.shape[:2], times * _PASSES[method]):
        context.take_minutes()


def _map(
    context: JobContext, model: Any, pixels: NDArray[np.uint8], class_index: int, method: Method, layer: str | None
) -> tuple[NDArray[np.float32], float | None]:
    """A heat map in [0, 1]; of occlusion also the largest fall."""
    from ...explanation import grad_cam, smooth_gradients

    if method == "grad_cam":
        return grad_cam(model, pixels, class_index, layer=layer), None
    if method == "smooth_gradients":
        return smooth_gradients(model, pixels, class_index, copies=_NOISY_COPIES), None
    return _cover_parts(context, model, pixels, class_index)


def _cover_parts(
    context: JobContext, model: Any, pixels: NDArray[np.uint8], class_index: int
) -> tuple[NDArray[np.float32], float]:
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
    return (falls / fall if fall else falls).clip(0, 1), fall


def network_pixels(model: Any, image: bytes, file_name: str) -> NDArray[np.uint8]:
    """An image file at the size that the network takes: `uint8 (H, W, 3)`."""
    from ...datasets import decode_image

    height, width = getattr(model, "model", model).input_shape[1:3]
    return decode_image(image, image_size=(height, width), name=file_name)
