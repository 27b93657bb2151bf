"""What a network gets to see: a photo prepared step by step, with right and wrong choices; and augmented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..job import JobContext
from .image_index import full_size
from .networks import open_network
from .references import NetworkReference

if TYPE_CHECKING:
    from ...datasets.preparation import PreparedPhoto, Step
    from ...inference import Prediction

Choice = Literal["right", "lying", "squeezed", "bgr", "unit", "raw", "caffe"]
_TOP = 3
_AUGMENTED_CELL = 160
_MOST_AUGMENTED = 24


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A photo after one step of its preparation.

    Attributes:
        step: "file", "upright", "scaled" or "cropped".
        width, height: In pixels.
        png: The picture, made small.
    """

    step: Step
    width: int
    height: int
    png: bytes


@dataclass(frozen=True, slots=True)
class ChoiceAnswer:
    """What a base says of a photo that was prepared in one way.

    Attributes:
        choice: "right"; "lying" (the orientation not minded), "squeezed" (proportions given up), "bgr" (colours in
            another order), "unit" (divided by 255 although the network does that), "raw" (the network's own
            preprocessing left out), "caffe" (that of other networks taken).
        png: The photo, as far as it can be shown.
        low, high: Of the numbers that reach the first layer.
        means: Of each of its three channels.
        predictions: The likeliest classes.
    """

    choice: Choice
    png: bytes
    low: float
    high: float
    means: tuple[float, float, float]
    predictions: tuple[Prediction, ...]


@dataclass(frozen=True, slots=True)
class PreparationShown:
    """A photo on its way to a base, and what becomes of the answer where that way is another.

    Attributes:
        base: Name in the registry.
        image_size: (height, width) that it takes.
        steps: In their order.
        orientation: EXIF's number for how the pixels lie in the file, 1 for upright.
        mode: How the file keeps its colours.
        answers: The right way first.
    """

    base: str
    image_size: tuple[int, int]
    steps: tuple[ShownStep, ...]
    orientation: int
    mode: str
    answers: tuple[ChoiceAnswer, ...]


@dataclass(frozen=True, slots=True)
class AugmentedPhoto:
    """A photo as training with augmentation shows it to a network, again and again another.

    Attributes:
        sheet: The photo itself and its variants as one JPEG file.
        columns: Pictures in a row.
        count: Pictures in it.
    """

    sheet: bytes
    columns: int
    count: int


def show_preparation(
    context: JobContext, *, base: str, weights: str, image: bytes | None, file_name: str = "image"
) -> PreparationShown:
    """A photo step by step, and what a base with its own classes says of it, prepared rightly and wrongly.

    Args:
        context: Of the job.
        base: Name in the registry.
        weights: As in `tlcore.build_base`.
        image: An image file; None for a sample.
        file_name: Of the file, for messages.
    """
    from ...datasets.preparation import prepare_photo, sample_photo

    model = open_network(context, NetworkReference(base=base, weights=weights))
    height, width = model.input_shape[1:3]
    photo = prepare_photo(sample_photo() if image is None else image, (height, width), name=file_name)
    return PreparationShown(
        base=base,
        image_size=(height, width),
        steps=tuple(ShownStep(each.step, each.width, each.height, full_size(each.picture)) for each in photo.steps),
        orientation=photo.orientation,
        mode=photo.mode,
        answers=_answers(model, base, photo),
    )


def preview_augmentation(
    context: JobContext,
    *,
    image: bytes | None,
    image_size: tuple[int, int],
    seed: int = 0,
    count: int = 12,
    file_name: str = "image",
) -> AugmentedPhoto:
    """What the trainer's augmentation does to a photo.

    Args:
        context: Of the job.
        image: An image file; None for a sample.
        image_size: (height, width) at which it is trained.
        seed: Of the changes.
        count: Pictures, the photo itself included.
        file_name: Of the file, for messages.
    """
    from ...datasets import decode_image
    from ...datasets.contact_sheet import contact_sheet
    from ...datasets.preparation import sample_photo
    from ...training.augmentation import augment

    pixels = decode_image(sample_photo() if image is None else image, image_size=image_size, name=file_name)
    variants = np.repeat(pixels[np.newaxis].astype(np.float32), min(count, _MOST_AUGMENTED) - 1, axis=0)
    changed = np.asarray(augment(variants, np.asarray([seed, 0], np.int32))).clip(0, 255).astype(np.uint8)
    columns = min(4, count)
    return AugmentedPhoto(contact_sheet([pixels, *changed], _AUGMENTED_CELL, columns), columns, len(changed) + 1)


def _answers(model: Any, base: str, photo: PreparedPhoto) -> tuple[ChoiceAnswer, ...]:
    from ...architectures import get_architecture

    mode = get_architecture(base).preprocessing
    right = photo.pixels.astype(np.float32)  # (H, W, 3), RGB, [0, 255]
    ways: dict[Choice, NDArray[np.float32]] = {
        "right": right,
        "lying": photo.lying.astype(np.float32),
        "squeezed": photo.squeezed.astype(np.float32),
        "bgr": right[..., ::-1],
        "unit": right / np.float32(255),
        "raw": _undone(right, mode),
        "caffe": _undone(_preprocessed(right, "caffe"), mode),
    }
    if photo.orientation == 1:
        del ways["lying"]
    shown = {"lying": photo.lying, "squeezed": photo.squeezed, "bgr": photo.pixels[..., ::-1]}
    return tuple(
        _answer(model, choice, given, _preprocessed(given, mode), shown.get(choice, photo.pixels))
        for choice, given in ways.items()
    )


def _answer(
    model: Any, choice: Choice, given: NDArray[np.float32], seen: NDArray[np.float32], shown: NDArray[np.uint8]
) -> ChoiceAnswer:
    """What a network says of numbers that may be none of a photo's: asked directly, since `predict` refuses those."""
    from ...inference import Prediction

    said = np.asarray(model(given[np.newaxis], training=False))[0]
    names = model.tlcore_info.class_names
    best = np.argsort(-said, kind="stable")[:_TOP].tolist()
    means = seen.mean(axis=(0, 1)).tolist()
    return ChoiceAnswer(
        choice=choice,
        png=full_size(np.ascontiguousarray(shown)),
        low=float(seen.min()),
        high=float(seen.max()),
        means=(means[0], means[1], means[2]),
        predictions=tuple(Prediction(names[index], float(said[index]), index) for index in best),
    )


def _preprocessed(pixels: NDArray[np.float32], mode: str) -> NDArray[np.float32]:
    """What reaches the first layer, `float32 (H, W, 3)`."""
    import keras

    from ...models.preprocessing import preprocess

    images = keras.Input(pixels.shape)
    network = keras.Model(images, preprocess(images, mode)) if mode != "none" else None
    return pixels if network is None else np.asarray(network(pixels[np.newaxis]))[0]


def _undone(wanted: NDArray[np.float32], mode: str) -> NDArray[np.float32]:
    """What a network with this preprocessing has to be given, so that `wanted` reaches its first layer."""
    zero, one = (_preprocessed(np.full_like(wanted, value), mode) for value in (0.0, 1.0))
    given = (wanted - zero) / (one - zero)  # each kind of preprocessing is a line for each channel
    return given[..., ::-1] if mode == "caffe" else given
