"""The head as it is described, counted and built."""

from __future__ import annotations

from typing import Any

import pytest

from tlcore.models.head import HeadSpec, add_head, head_layers, kernel_shapes, loss_of

HEADS = {
    "lecture": HeadSpec(num_classes=2, dropout=0.5),
    "two dense layers": HeadSpec(num_classes=5, units=(16, 8), dropout=0.25, l2=0.01, seed=3),
    "pooled": HeadSpec(num_classes=3, units=(4,), pooling="average"),
    "classifier alone": HeadSpec(num_classes=2, units=(), pooling="average", dropout=0.5),
}


@pytest.fixture(params=HEADS)
def head(request: pytest.FixtureRequest) -> HeadSpec:
    return HEADS[request.param]


@pytest.fixture(scope="module")
def base() -> Any:
    import keras

    images = keras.Input((8, 8, 3))
    return keras.Model(images, keras.layers.Conv2D(6, 3, strides=2, name="convolution")(images))  # (batch, 3, 3, 6)


def test_the_network_has_the_layers_that_are_described(head: HeadSpec, base: Any) -> None:
    network = add_head(base, head)
    built = [network.model.get_layer(name) for name in network.head_names]
    described = head_layers(head)
    assert [(layer.name, type(layer).__name__) for layer in built] == [(row.name, row.type) for row in described]
    dense = {layer.name: layer for layer in built if type(layer).__name__ == "Dense"}
    assert {name: tuple(layer.kernel.shape) for name, layer in dense.items()} == kernel_shapes(head, (3, 3, 6))
    assert [layer.activation.__name__ for layer in dense.values()] == [
        row.activation for row in described if row.type == "Dense"
    ]
    assert all(layer.rate == head.dropout for layer in built if type(layer).__name__ == "Dropout")
    assert network.model.output_shape == (None, 1 if head.num_classes == 2 else head.num_classes)


def test_the_seed_decides_the_weights_and_each_layer_has_its_own(base: Any) -> None:
    def kernels(seed: int) -> list[Any]:
        head = HeadSpec(num_classes=8, units=(8, 8), pooling="average", seed=seed)
        return [weights.tolist() for weights in add_head(base, head).model.get_weights()[2::2]]

    assert kernels(0) == kernels(0) != kernels(1)
    assert kernels(0)[1] != kernels(0)[2]


def test_the_loss_fits_the_classifier(head: HeadSpec, base: Any) -> None:
    import numpy as np

    model = add_head(base, head).model
    model.compile(loss=loss_of(head.num_classes))
    labels = np.arange(6) % head.num_classes
    outputs = model.predict(np.zeros((6, 8, 8, 3), np.float32), verbose=0)
    share = outputs[:, 0] if head.num_classes == 2 else outputs[np.arange(6), labels]
    chosen = np.where(labels == 1, share, 1 - share) if head.num_classes == 2 else share
    penalty = sum(float(value) for value in model.losses)
    loss = model.evaluate(np.zeros((6, 8, 8, 3), np.float32), labels, verbose=0)
    assert loss == pytest.approx(-np.mean(np.log(chosen)) + penalty, rel=1e-4)
