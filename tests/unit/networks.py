"""A small network with what makes large ones hard to run another way, for tests."""

from __future__ import annotations

from typing import Any

import numpy as np


def branching_network(seed: int = 0) -> Any:
    """Two convolutions with batch normalisation, a residual sum, a depthwise branch; raw images 16x16."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(seed)
    images = keras.Input((16, 16, 3))
    x = layers.Rescaling(1 / 255)(images)
    x = layers.Conv2D(4, 3, padding="same", use_bias=False, name="conv_1")(x)
    x = stem = layers.ReLU(name="relu_1")(layers.BatchNormalization(name="norm_1")(x))
    x = layers.DepthwiseConv2D(3, padding="same", name="depthwise")(x)
    x = layers.BatchNormalization(scale=False, name="norm_2")(x)
    x = layers.Conv2D(4, 1, name="conv_2")(x)
    x = layers.add([layers.BatchNormalization(name="norm_3")(x), stem], name="sum")
    network = keras.Model(images, layers.MaxPooling2D(name="pool")(x), name="branching")
    generator = np.random.default_rng(seed)
    for layer in network.layers:
        if "norm" in layer.name:
            layer.set_weights([generator.uniform(0.5, 1.5, values.shape) for values in layer.get_weights()])
    return network
