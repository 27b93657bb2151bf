"""Features of a whole set of images at every layer worth looking at, from one pass through the base."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..architectures import describe
from ..architectures.summary import LayerSummary
from ..models.images import check_images
from ..models.layers import find_layer
from .forward import Progress

#: A network with more convolutions than this is looked at behind each block only.
_MOST_CONVOLUTIONS = 16
#: Of a network with more blocks than this, as many are taken, evenly spread.
_MOST_BLOCKS = 16


def probe_layers(architecture: str) -> list[str]:
    """Names of the layers of a base that are worth probing, first to last.

    Of a short network that is every convolution, of a deep one the last feature map of each block. Needs no
    tensorflow.

    Args:
        architecture: One of `tlcore.list_architectures()`.

    Source: Yosinski et al., How transferable are features in deep neural networks?, 2014, for comparing by layer.
    """
    maps = _feature_maps(architecture)
    convolutions = [layer.name for layer in maps if layer.type == "Conv2D"]
    if len(convolutions) <= _MOST_CONVOLUTIONS:
        return convolutions
    return list({layer.block: layer.name for layer in maps if layer.block}.values())


def feature_layers(architecture: str) -> list[str]:
    """As `probe_layers`, a handful of a network with many blocks, and its output."""
    output = _feature_maps(architecture)[-1].name
    return list(dict.fromkeys([*evenly_spread(probe_layers(architecture), _MOST_BLOCKS), output]))


def evenly_spread(names: list[str], most: int) -> list[str]:
    """At most so many of the names, evenly spread, the first and the last included."""
    if len(names) <= most:
        return names
    return [names[round(position)] for position in np.linspace(0, len(names) - 1, most)]


def _feature_maps(architecture: str) -> list[LayerSummary]:
    layers = describe(architecture, include_top=False).layers
    return [layer for layer in layers if len(layer.output_shape) == 3 and layer.type != "InputLayer"]


@dataclass(frozen=True)
class LayerFeatures:
    """What one layer answers to a set of images, channel by channel, without the positions.

    Attributes:
        mean: `float32 (N, channels)`, each channel's mean over all positions: a description of the image that does not
            depend on where things are, of one length at every image size.
        highest: `float32 (N, channels)`, each channel's highest value, wherever it is.
        shape: (height, width, channels) of the feature map.
    """

    mean: NDArray[np.float32]
    highest: NDArray[np.float32]
    shape: tuple[int, int, int]


class LayerSurvey:
    """A base that tells the features of several layers at once.

    One pass gives them all, and they are kept in the features cache: few numbers, since the positions are left out.

    Args:
        base: A network of `tlcore.build_base`; it is not changed, and must not change while this is used.
        layers: Names of layers that give feature maps, for example of `feature_layers`.

    Raises:
        InvalidArgumentError: `base` has no layer of that name.

    Example:
        >>> survey = LayerSurvey(base, feature_layers("VGG16Slim"))
        >>> survey.of(data.train.images[:3])["block5_pool"].mean.shape
        (3, 288)
    """

    def __init__(self, base: Any, layers: list[str]) -> None:
        from .frozen import FrozenNetwork

        self.base = base
        self.shapes: dict[str, tuple[int, int, int]] = {
            name: tuple(find_layer(base, name).output.shape[1:]) for name in layers
        }
        self._network = FrozenNetwork(_pooled(base, layers), "float32")

    def of(self, images: NDArray[Any], *, progress: Progress | None = None) -> dict[str, LayerFeatures]:
        """Features of `images` by layer, from disk if they are there.

        Args:
            images: Raw RGB, `uint8` or `float32`, `(N, H, W, 3)` in [0, 255].
            progress: Called after each batch with (images done, images in all); what it raises stops the work.

        Raises:
            InvalidArgumentError: Images of another size or type.
        """
        check_images(images, tuple(self.base.input_shape[1:]))
        return self._by_layer(self._network.outputs(images, progress=progress).arrays)

    def is_known(self, images: NDArray[Any]) -> bool:
        """Whether `of` finds the features of `images` on disk."""
        return self._network.is_known(images)

    def of_photo(self, image: NDArray[Any]) -> dict[str, LayerFeatures]:
        """Features of one image `(H, W, 3)`, computed anew: a person's photo leaves no trace on disk."""
        batch = np.asarray(image, np.float32)[np.newaxis]
        check_images(batch, tuple(self.base.input_shape[1:]))
        return self._by_layer([np.asarray(values) for values in self._network.model(batch, training=False)])

    def _by_layer(self, arrays: list[NDArray[Any]]) -> dict[str, LayerFeatures]:
        pairs = zip(self.shapes.items(), arrays[0::2], arrays[1::2], strict=True)
        return {name: LayerFeatures(mean, highest, shape) for (name, shape), mean, highest in pairs}


def _pooled(base: Any, layers: list[str]) -> Any:
    """`base` with two outputs a layer: mean and highest value of each channel."""
    import keras

    outputs = []
    for name in layers:
        maps = find_layer(base, name).output  # (N, h, w, c)
        outputs.append(keras.layers.GlobalAveragePooling2D(name=f"{name}_mean")(maps))  # (N, c)
        outputs.append(keras.layers.GlobalMaxPooling2D(name=f"{name}_highest")(maps))  # (N, c)
    return keras.Model(base.input, outputs, name=f"{base.name}_survey")
