"""Receptive fields against the gradients of real models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from tlcore.architectures import Box, describe_model, receptive_field_box
from tlcore.architectures.describe import build_without_weights
from tlcore.architectures.receptive_field import find_layer
from tlcore.errors import InvalidArgumentError

CASES = {
    "plain": ("VGG16Slim", (64, 48, 3), ["block1_conv1", "block1_pool", "block2_conv2", "block3_conv3"]),
    "residual": ("ResNet50", (96, 80, 3), ["conv1_conv", "pool1_pool", "conv2_block2_out", "conv3_block2_add"]),
    "residual, pre-activation": ("ResNet50V2", (96, 80, 3), ["conv2_block3_out", "conv3_block1_out"]),
    "branches": ("InceptionV3", (139, 120, 3), ["max_pooling2d_1", "mixed0", "mixed1", "mixed3"]),
    "separable, same padding": ("Xception", (97, 110, 3), ["add", "block3_sepconv2", "add_1"]),
    "two depths joined": ("NASNetMobile", (96, 96, 3), ["reduction_concat_stem_1", "reduction_concat_stem_2"]),
    "squeeze and excitation": ("MobileNetV3Small", (64, 64, 3), ["conv", "expanded_conv_project"]),
}


def averaging(model: Any, layer: str) -> Any:
    """A copy up to a layer in which everything seen leaves a trace: kernels average, averages stand for maxima."""
    import keras

    def positive(layer: Any) -> Any:
        if isinstance(layer, keras.layers.MaxPooling2D):
            return keras.layers.AveragePooling2D(
                layer.pool_size, strides=layer.strides, padding=layer.padding, name=layer.name
            )
        return layer.__class__.from_config(layer.get_config())

    part = keras.Model(model.inputs, model.get_layer(layer).output)
    copy = keras.models.clone_model(part, clone_function=positive)
    for layer in copy.layers:
        for weight in layer.weights:
            if "kernel" in weight.name:
                weight.assign(np.full(weight.shape, 1.0 / np.prod(weight.shape[:-1])))
    return copy


def seen_by(network: Any, units: Sequence[tuple[int, int]]) -> Iterator[Box]:
    """For each unit of the output, (row, column), the bounding box of the pixels that have a gradient."""
    import tensorflow as tf

    images = tf.Variable(np.full((1, *network.input_shape[1:]), 200.0))
    with tf.GradientTape(persistent=True) as tape:
        outputs = network(images, training=False)
        values = [tf.reduce_sum(outputs[0, row, col]) for row, col in units]
    for value in values:
        touched = np.abs(tape.gradient(value, images).numpy()[0]).sum(-1) > 0
        rows, columns = np.nonzero(touched.any(1))[0], np.nonzero(touched.any(0))[0]
        yield Box(int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1)


@pytest.mark.parametrize("case", CASES)
def test_the_box_is_where_the_gradient_is(case: str) -> None:
    import keras

    name, shape, layers = CASES[case]
    keras.config.set_dtype_policy("float64")
    try:
        model = build_without_weights(name, input_shape=shape, include_top=False)
        parts = {layer: averaging(model, layer) for layer in layers}
    finally:
        keras.config.set_dtype_policy("float32")
    summary = describe_model(model)
    for layer, part in parts.items():
        height, width, _ = find_layer(summary, layer).output_shape
        assert height
        assert width
        units = [(0, 0), (height // 2, width // 3), (height - 1, width - 1)]
        for (row, col), box in zip(units, seen_by(part, units), strict=True):
            assert receptive_field_box(summary, layer, row, col) == box, (layer, row, col)


def test_known_fields_of_vgg16() -> None:
    import tlcore

    table = tlcore.describe("VGG16")
    fields = {row.name: row.receptive_field[0] for row in table.layers}
    assert [fields[f"block{n}_pool"] for n in range(1, 6)] == [6, 16, 44, 100, 212]
    assert find_layer(table, "block5_pool").effective_stride == (32, 32)
    assert find_layer(table, "fc1").receptive_field == (224, 224)
    assert receptive_field_box(table, "predictions") == Box(0, 0, 224, 224)
    assert receptive_field_box(table, "block1_conv2", 10, 20) == Box(8, 18, 13, 23)


def test_units_and_layers_that_are_not_there() -> None:
    import tlcore

    table = tlcore.describe("VGG16")
    with pytest.raises(InvalidArgumentError, match="7x7 map of block5_pool"):
        receptive_field_box(table, "block5_pool", 7, 0)
    with pytest.raises(InvalidArgumentError, match="'block6_conv1'"):
        receptive_field_box(table, "block6_conv1")
