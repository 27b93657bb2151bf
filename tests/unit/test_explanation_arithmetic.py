"""The arithmetic of a layer adds up to what the network itself gives."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from keras import layers

from tlcore.architectures.layers import PartialConv2D, TrainableSubsampling
from tlcore.errors import InvalidArgumentError
from tlcore.explanation import layer_arithmetic

LAYERS = {
    "plain": lambda: layers.Conv2D(6, 3, name="layer"),
    "same": lambda: layers.Conv2D(6, 3, padding="same", activation="relu", name="layer"),
    "strided": lambda: layers.Conv2D(6, 3, strides=2, padding="same", activation="relu", name="layer"),
    "strided even": lambda: layers.Conv2D(6, 4, strides=(3, 2), padding="same", use_bias=False, name="layer"),
    "strided valid": lambda: layers.Conv2D(6, 5, strides=2, activation="tanh", name="layer"),
    "dilated": lambda: layers.Conv2D(6, 3, dilation_rate=2, padding="same", name="layer"),
    "grouped": lambda: layers.Conv2D(8, 3, groups=4, padding="same", name="layer"),
    "pointwise": lambda: layers.Conv2D(6, 1, activation="relu6", name="layer"),
    "depthwise": lambda: layers.DepthwiseConv2D(3, padding="same", name="layer"),
    "depthwise twice": lambda: layers.DepthwiseConv2D(3, strides=2, depth_multiplier=2, name="layer"),
    "separable": lambda: layers.SeparableConv2D(6, 3, strides=2, padding="same", activation="relu", name="layer"),
    "separable twice": lambda: layers.SeparableConv2D(5, 3, depth_multiplier=2, name="layer"),
    "partial": lambda: PartialConv2D([(0, 2), (1, 2, 3), (0, 1, 2, 3)], 5, activation="tanh", name="layer"),
    "sub-sampling": lambda: TrainableSubsampling(2, activation="tanh", name="layer"),
    "dense on places": lambda: layers.Dense(5, activation="gelu", name="layer"),
}


@pytest.mark.parametrize("name", LAYERS)
def test_every_place_adds_up(name: str) -> None:
    keras.utils.set_random_seed(0)
    x = inputs = keras.Input((11, 14, 3))
    x = layers.Rescaling(1 / 255)(x)
    x = layers.Conv2D(4, 1)(x)
    model = keras.Model(inputs, LAYERS[name]()(x))
    numbers, layer = np.random.default_rng(1), model.get_layer("layer")
    layer.set_weights([numbers.normal(size=weight.shape) for weight in layer.weights])
    image = np.random.default_rng(0).integers(0, 256, (11, 14, 3), np.uint8)
    _, height, width, channels = model.output_shape
    whole = np.asarray(model(image[np.newaxis].astype("float32"), training=False))[0]
    for row in (0, 1, height // 2, height - 1):
        for column in (0, width // 2, width - 1):
            for channel in (0, channels - 1):
                sums = layer_arithmetic(model, image, "layer", row, column, channel)
                assert sums.result == pytest.approx(whole[row, column, channel], abs=1e-4)
                assert sums.output == pytest.approx(whole[row, column, channel], abs=1e-5)
                assert sums.pre_activation == pytest.approx(float(sums.products.sum()) + sums.bias, abs=1e-4)
                assert sums.patch.shape == sums.kernel.shape == sums.products.shape
                assert sums.channel_sums.shape == sums.patch.shape[2:] == (len(sums.input_channels),)


def test_the_padding_is_told_apart() -> None:
    model = keras.Sequential([keras.Input((8, 8, 3)), layers.Conv2D(1, 3, padding="same", name="layer")])
    sums = layer_arithmetic(model, np.full((8, 8, 3), 9, np.uint8), "layer", 0, 0)
    assert sums.inside.tolist() == [[False, False, False], [False, True, True], [False, True, True]]
    assert np.all(sums.patch[~sums.inside] == 0)
    assert np.all(sums.patch[sums.inside] == 9)


def test_a_head_adds_up_from_features_to_probability() -> None:
    inputs = keras.Input((8, 8, 3))
    x = layers.Flatten()(layers.Rescaling(1 / 255)(inputs))
    model = keras.Model(inputs, layers.Dense(1, activation="sigmoid", name="head")(x))
    image = np.random.default_rng(0).integers(0, 256, (8, 8, 3), np.uint8)
    sums = layer_arithmetic(model, image, "head")
    assert sums.patch.shape == (1, 1, 192)
    assert sums.result == pytest.approx(float(model(image[np.newaxis].astype("float32"))[0, 0]), abs=1e-5)
    assert sums.result == pytest.approx(1 / (1 + np.exp(-sums.pre_activation)), abs=1e-6)


def test_softmax_is_named_and_its_score_added_up() -> None:
    inputs = keras.Input((8, 8, 3))
    x = layers.Flatten()(layers.Rescaling(1 / 255)(inputs))
    model = keras.Model(inputs, layers.Dense(3, activation="softmax", name="head")(x))
    image = np.random.default_rng(0).integers(0, 256, (8, 8, 3), np.uint8)
    sums = [layer_arithmetic(model, image, "head", channel=channel) for channel in range(3)]
    scores = np.exp([one.pre_activation for one in sums])
    np.testing.assert_allclose([one.output for one in sums], scores / scores.sum(), atol=1e-5)
    assert sums[0].activation == "softmax"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"layer": "pool"}, "MaxPooling2D"),
        ({"layer": "layer", "row": 8}, "in the output"),
        ({"layer": "layer", "channel": -1}, "in the output"),
        ({"layer": "lajer"}, "layer"),
    ],
)
def test_what_cannot_be_is_refused(arguments: dict[str, object], message: str) -> None:
    model = keras.Sequential(
        [keras.Input((8, 8, 3)), layers.Conv2D(2, 3, name="layer"), layers.MaxPooling2D(name="pool")]
    )
    with pytest.raises(InvalidArgumentError, match=message):
        layer_arithmetic(model, np.zeros((8, 8, 3), np.uint8), **arguments)
