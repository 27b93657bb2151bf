"""Networks for the browser, answers for browsers that cannot run them, and heads on features that came from there."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from ..job import JobContext
from .networks import open_network
from .references import NetworkReference

if TYPE_CHECKING:
    from ...export.browser import DenseWeights
    from ...features.forward import ForwardRuntime
    from ...inference import Prediction

#: Of the head that is taught in a minute: the lecture's one dense layer, on pooled features.
HEAD_UNITS = 256
STEPS = 40  # with all features at once
LEARNING_RATE = 1e-3
_SHOWN = 5
_ready: WeakKeyDictionary[Any, ForwardRuntime] = WeakKeyDictionary()  # for one image, as long as `networks` keeps it


@dataclass(frozen=True, slots=True)
class BrowserNetwork:
    """What a browser needs to run a network, but the part that is the same for everybody.

    Attributes:
        network: Whose parts these are.
        file: Name of the file of the shared part, see `shared_file`; "" where all of it was trained.
        own: Content of a `.tflite` file: what was trained of the base; empty where that is nothing.
        pooling: See `BrowserParts`.
        dense: The head.
        class_names: Of the outputs; () before there is a head.
    """

    network: NetworkReference
    file: str
    own: bytes
    pooling: str
    dense: tuple[DenseWeights, ...]
    class_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SharedFile:
    """The content of the file that `BrowserNetwork.file` names."""

    content: bytes


@dataclass(frozen=True, slots=True)
class FrameAnswer:
    """What a network says of a frame: the likeliest classes, and the seconds that it took."""

    predictions: tuple[Prediction, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class TaughtHead:
    """A head that has learned from features.

    Attributes:
        dense: Its layers.
        accuracy: Share of what it learned from that it names right, in [0, 1].
        seconds: That learning took.
    """

    dense: tuple[DenseWeights, ...]
    accuracy: float
    seconds: float


def browser_network(context: JobContext, *, network: NetworkReference) -> BrowserNetwork:
    """Cuts a network in parts for the browser.

    Args:
        context: Of the job.
        network: A trained one, or a base: with its own classes, or without, to be taught.
    """
    from ...export.browser import browser_file, browser_parts, file_key

    model = open_network(context, network)
    parts = browser_parts(model)
    return BrowserNetwork(
        network,
        "" if parts.shared is None else f"{file_key(parts.shared)}.tflite",
        b"" if parts.own is None else browser_file(parts.own),
        parts.pooling,
        parts.dense,
        _class_names(model),
    )


def shared_file(context: JobContext, *, network: NetworkReference) -> SharedFile:
    """Makes the part of a network that is the same for everybody into a `.tflite` file."""
    from ...export.browser import browser_file, browser_parts

    return SharedFile(browser_file(browser_parts(open_network(context, network)).shared))


def answer_frame(context: JobContext, *, network: NetworkReference, image: bytes) -> FrameAnswer:
    """What a network says of a frame of a camera, in the fastest exact runtime for one image.

    Args:
        context: Of the job.
        network: As for `predict`.
        image: The frame, a JPEG file.
    """
    from ...datasets import decode_image
    from ...inference import class_probabilities, rank_classes

    run = open_network(context, network)
    model = getattr(run, "model", run)
    start_s = time.perf_counter()
    pixels = decode_image(image, image_size=model.input_shape[1:3], name="frame")
    (outputs,) = _for_one_image(model).batch(pixels[np.newaxis])
    probabilities = class_probabilities(outputs)[0]
    names = _class_names(run) or [f"class {index}" for index in range(len(probabilities))]
    return FrameAnswer(tuple(rank_classes(probabilities, names, _SHOWN)), time.perf_counter() - start_s)


def _for_one_image(model: Any) -> ForwardRuntime:
    if model not in _ready:
        _ready[model] = _open_for_one_image(model)
    return _ready[model]


def _open_for_one_image(model: Any) -> ForwardRuntime:
    from ...features.choice import FULL, offered_plans, open_forward
    from ...features.litert_files import ConversionError
    from ...settings import get_settings

    try:
        return open_forward(model, offered_plans("float32", get_settings().runtime)[-1], batch_size=1)
    except ConversionError:
        return open_forward(model, FULL, batch_size=1)


def _class_names(network: Any) -> tuple[str, ...]:
    """Of the outputs of a run, or of a base with a classifier; () where there are none."""
    return tuple(getattr(network, "class_names", None) or network.tlcore_info.class_names or ())


def teach_head(
    context: JobContext, *, features: bytes, labels: tuple[int, ...], num_classes: int, seed: int = 0
) -> TaughtHead:
    """Trains the lecture's dense head on features that a browser has computed: no image comes here.

    Args:
        context: Of the job.
        features: `float32 (N, feature_dim)`, little-endian: means over the last feature map of a base.
        labels: Class of each, 0 to `num_classes` - 1.
        num_classes: 2 or more.
        seed: Of the new weights.
    """
    from ...export.browser import dense_weights
    from ...inference import class_probabilities
    from ...models.head import HeadSpec, build_head
    from ...training.train_step import TrainStep

    start_s = time.perf_counter()
    rows = np.frombuffer(features, "<f4").reshape(len(labels), 1, 1, -1)  # (N, 1, 1, feature_dim): pooled already
    head = build_head(rows.shape[1:], HeadSpec(num_classes, (HEAD_UNITS,), pooling="average", seed=seed))
    step = TrainStep(head, "adam", bfloat16=False, input_dtypes=("float32",))
    truth = np.asarray(labels, np.int64)
    weights = np.full(len(labels), 1.0, np.float32)
    for number in range(STEPS):
        moment = np.array([seed, number], np.int32)
        step.train_batch([rows], truth, weights, np.float32(LEARNING_RATE), moment, False)
    said = class_probabilities(np.asarray(head(rows, training=False))).argmax(axis=1)
    return TaughtHead(dense_weights(head.layers), float((said == truth).mean()), time.perf_counter() - start_s)
