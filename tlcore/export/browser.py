"""A network in the parts in which a browser gets it: what is the same for everybody, and what its owner has trained."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from ..errors import ExportError
from ..features.graph import structure_hash, weights_digest
from ..features.litert_files import ConversionError, convert
from ..models.head import count_elements
from ..translatable import N_

#: What a phone loads and holds; VGG16's convolutions are 29 MB.
MOST_BYTES = 64 * 1024**2
_BYTES_OF_A_WEIGHT = 2


@dataclass(frozen=True, slots=True)
class DenseWeights:
    """A dense layer as it travels.

    Attributes:
        units: How many.
        activation: "relu", "sigmoid" or "softmax".
        kernel: `float16 (inputs, units)`, little-endian.
        bias: `float32 (units,)`, little-endian.
    """

    units: int
    activation: str
    kernel: bytes
    bias: bytes


@dataclass(frozen=True)
class BrowserParts:
    """A network, cut where training began.

    ```
    images -> [ shared: frozen, public ] -> [ own: trained layers of the base ] -> [ pooling, dense layers ]
    ```

    Attributes:
        shared: `keras.Model` from the images on, the same for everybody who uses this base; None where all was trained.
            Of a base with its own classes it may have two outputs, see `with_class_maps`.
        own: `keras.Model` from there to the features; None where the base stayed as it was.
        pooling: Of the head; "" where `shared` ends in a classifier of its own, or there is no head yet.
        dense: The dense layers of the head.
    """

    shared: Any
    own: Any
    pooling: Literal["flatten", "average", ""] = ""
    dense: tuple[DenseWeights, ...] = ()


def browser_parts(network: Any) -> BrowserParts:
    """Cuts a network for the browser.

    Args:
        network: A `Run`, or a base (`keras.Model`), which is public as a whole.

    Raises:
        ExportError: It is too large for a browser.
    """
    model = getattr(network, "model", network)
    check_size(model)
    if model is network:
        return BrowserParts(shared=with_class_maps(model), own=None)
    shared, own = _cut(network)
    head = dense_weights(network.network.head_layers)
    return BrowserParts(shared, own, network.spec.pooling, head)


@lru_cache(maxsize=2)  # a base remembers every layer that was put on it
def with_class_maps(model: Any) -> Any:
    """A classifier on pooled features with a second output: what in each part of an image speaks for each class.

    Its weights are applied to every position of the last feature map, and the mean is taken after them instead of
    before, which is the same. For the class with the highest score this is what Grad-CAM shows.

    Args:
        model: A network with its own classes.

    Returns:
        A `keras.Model` that gives `(batch, classes)` probabilities and `(batch, height, width, classes)` scores;
        `model` itself where it ends in another way.

    Source: Zhou et al., "Learning deep features for discriminative localization" (2016).
    """
    import keras

    *below, classifier = model.layers
    pooling = next(layer for layer in reversed(below) if type(layer).__name__ != "Dropout")
    is_pooled = type(pooling).__name__ == "GlobalAveragePooling2D" and len(pooling.output.shape) == 2
    if not is_pooled or type(classifier).__name__ != "Dense" or classifier.activation.__name__ != "softmax":
        return model
    kernel, bias = classifier.get_weights()
    parts = keras.layers.Conv2D(classifier.units, 1, use_bias=False, name="class_maps")
    maps = parts(pooling.input)  # (batch, height, width, classes)
    parts.set_weights([kernel[np.newaxis, np.newaxis]])
    mean = keras.layers.GlobalAveragePooling2D(keepdims=True, name="class_means")(maps)
    plus_bias = keras.layers.DepthwiseConv2D(1, name="class_scores")
    scores = keras.layers.Flatten(name="flat_scores")(plus_bias(mean))  # (batch, classes)
    plus_bias.set_weights([np.ones((1, 1, classifier.units, 1)), bias])
    return keras.Model(model.input, [keras.layers.Softmax(name="probabilities")(scores), maps])


def check_size(model: Any) -> None:
    """Refuses a network that a phone could not load and hold.

    Raises:
        ExportError: It is too large for a browser.
    """
    size = _BYTES_OF_A_WEIGHT * count_elements(model.weights)
    if size > MOST_BYTES:
        raise ExportError(
            N_(
                "Expected a network of at most {most} MB to run in a browser. Received: {size} MB. Let the server run "
                "it, or choose a smaller base."
            ),
            most=MOST_BYTES // 1024**2,
            size=round(size / 1024**2),
        )


def _cut(run: Any) -> tuple[Any, Any]:
    """(what stayed as it was, what of the base was trained) of a run; each may be None."""
    import keras

    base = run.network.base
    first = next((layer.name for layer in base.layers if run.weight_drift.get(layer.name)), None)
    if first is None:
        return base, None
    cut = run.network.cut(first)
    if cut.prefix is None or not cut.prefix.weights or len(cut.tensors) != 1:  # a browser's network has one input
        return None, base
    return cut.prefix, keras.Model(cut.tensors[0], base.output)


def dense_weights(layers: list[Any]) -> tuple[DenseWeights, ...]:
    """The dense ones among Keras layers, in order."""
    return tuple(
        DenseWeights(
            units=layer.units,
            activation=layer.activation.__name__,
            kernel=layer.kernel.numpy().astype("<f2").tobytes(),
            bias=np.asarray(layer.bias.numpy(), "<f4").tobytes(),
        )
        for layer in layers
        if type(layer).__name__ == "Dense"
    )


def browser_file(model: Any) -> bytes:
    """A part as the content of a `.tflite` file for one image, with its weights in float16.

    Raises:
        ExportError: LiteRT has no operation for something in it.
    """
    try:
        return convert(model, batch_size=1, half_weights=True)
    except ConversionError as error:
        raise ExportError(
            N_("Expected a network that {format} can express. Received: {reason}. Choose another format."),
            format="LiteRT",
            reason=str(error),
        ) from error


def file_key(model: Any) -> str:
    """Equal for parts that are equal: hexadecimal digits that tell structure and weights."""
    return f"{structure_hash(model)}{weights_digest(model)}"
