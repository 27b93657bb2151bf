"""Multiply-accumulate operations against the operations of the graph that TensorFlow runs, and published figures."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Any

import pytest

from tlcore.architectures import build_network, describe, describe_model


def operations(graph: Any) -> Iterator[Any]:
    """Every operation of a graph and of the functions that it calls."""
    for operation in graph.get_operations():
        yield operation
        if operation.type.endswith("PartitionedCall"):
            name = operation.get_attr("f").name
            yield from operations(graph._get_function(name.encode()).graph)


def macs_of_the_graph(model: Any) -> int:
    import tensorflow as tf

    function = tf.function(lambda images: model(images, training=False))
    traced = function.get_concrete_function(tf.TensorSpec((1, *model.input_shape[1:])))
    total = 0
    for operation in operations(traced.graph):
        if operation.type in ("Conv2D", "DepthwiseConv2dNative"):
            kernel, positions = operation.inputs[1].shape, operation.outputs[0].shape[1:3]
            total += prod(positions) * prod(kernel)
        elif operation.type == "MatMul":
            total += prod(operation.inputs[1].shape)
    return total


@pytest.mark.parametrize(
    ("name", "shape", "include_top"),
    [
        ("VGG16", (64, 48, 3), False),
        ("ResNet50", (70, 64, 3), True),
        ("MobileNetV2", (96, 80, 3), True),
        ("ResNeXt50", (64, 64, 3), True),
        ("Xception", (80, 71, 3), False),
    ],
)
def test_macs_are_those_of_the_graph(name: str, shape: tuple[int, int, int], include_top: bool) -> None:
    model = build_network(name, input_shape=shape, include_top=include_top)
    assert describe_model(model).total_macs == macs_of_the_graph(model)


@pytest.mark.parametrize(
    ("name", "published", "tolerance"),
    [
        ("VGG16", 15.5e9, 0.01),
        ("VGG19", 19.6e9, 0.01),
        ("ResNet50", 3.8e9, 0.02),
        ("ResNet152", 11.3e9, 0.01),
        ("ResNeXt50", 4.2e9, 0.01),
        ("MobileNet", 569e6, 0.01),
        ("MobileNetV2", 300e6, 0.01),
        ("NASNetLarge", 23.8e9, 0.01),
        ("EfficientNetB0", 0.39e9, 0.02),
        ("EfficientNetLite0", 407e6, 0.06),
        ("EfficientNetLite1", 631e6, 0.06),
        ("EfficientNetLite2", 899e6, 0.06),
        ("ConvNeXtTiny", 4.5e9, 0.01),
        ("AlexNet", 724e6, 0.01),
    ],
)
def test_macs_are_those_of_the_papers(name: str, published: float, tolerance: float) -> None:
    assert describe(name).total_macs == pytest.approx(published, rel=tolerance)
