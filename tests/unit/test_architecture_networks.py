"""The networks that are built here, and `build_network`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tlcore.architectures import build_network, describe
from tlcore.architectures.build import shapes_only
from tlcore.architectures.describe import build_without_weights
from tlcore.architectures.networks.digit_codes import digit_codes
from tlcore.architectures.networks.lenet import C3_CONNECTIONS

Digits = tuple[NDArray[np.float32], NDArray[np.int64]]


@pytest.fixture(scope="module")
def digits() -> Digits:
    from sklearn.datasets import load_digits

    data = load_digits()
    images = np.kron(data.images[:600] / 16.0, np.ones((4, 4)))[..., None]
    return images.astype(np.float32), data.target[:600].astype(np.int64)


def counts(name: str) -> dict[str, int]:
    return {row.name: row.num_trainable_params for row in describe(name).layers if row.num_trainable_params}


def test_lenet5_has_the_parameters_of_1998() -> None:
    assert counts("LeNet5") == {"C1": 156, "S2": 12, "C3": 1516, "S4": 32, "C5": 48_120, "F6": 10_164}
    assert describe("LeNet5").trainable_params == 60_000
    assert describe("LeNet5").non_trainable_params == 840, "the codes of the output are fixed"


def test_lenet5_as_taught_today() -> None:
    assert describe("LeNet5Modern").total_params == 61_706


def test_c3_reads_what_table_one_says() -> None:
    assert [len(inputs) for inputs in C3_CONNECTIONS] == [3] * 6 + [4] * 9 + [6]
    read = [sum(source in inputs for inputs in C3_CONNECTIONS) for source in range(6)]
    assert read == [10] * 6, "each map of S2 is read ten times"


def test_codes_are_distinct_signs() -> None:
    codes = np.asarray(digit_codes(12))
    assert codes.shape == (12, 84)
    assert set(np.unique(codes)) == {-1.0, 1.0}
    assert len({tuple(code) for code in codes}) == 12


def test_a_partial_convolution_reads_only_its_maps() -> None:
    from tlcore.architectures.layers import PartialConv2D

    layer = PartialConv2D([(0, 2), (1,)], 3)
    layer.build((None, 5, 5, 3))
    rng = np.random.default_rng(0)
    kernel = rng.normal(size=(3, 3, 3)).astype(np.float32)
    layer.set_weights([kernel, np.array([0.5, -0.5], np.float32)])
    image = rng.normal(size=(1, 3, 3, 3)).astype(np.float32)
    got = np.asarray(layer(image)).ravel()
    first = (image[0, ..., 0] * kernel[..., 0]).sum() + (image[0, ..., 2] * kernel[..., 1]).sum() + 0.5
    second = (image[0, ..., 1] * kernel[..., 2]).sum() - 0.5
    np.testing.assert_allclose(got, [first, second], rtol=1e-5)


def test_sub_sampling_is_sum_times_coefficient_plus_bias() -> None:
    from tlcore.architectures.layers import TrainableSubsampling

    layer = TrainableSubsampling(2)
    layer.build((None, 2, 2, 2))
    layer.set_weights([np.array([0.5, 2.0], np.float32), np.array([1.0, 0.0], np.float32)])
    image = np.arange(8, dtype=np.float32).reshape(1, 2, 2, 2)
    np.testing.assert_allclose(np.asarray(layer(image)).ravel(), [0.5 * 12 + 1, 2.0 * 16], rtol=1e-6)


def test_local_response_normalization_is_the_papers() -> None:
    from tlcore.architectures.layers import LocalResponseNormalization

    values = np.random.default_rng(0).normal(scale=30, size=(1, 1, 1, 7)).astype(np.float32)
    got = np.asarray(LocalResponseNormalization()(values)).ravel()
    flat = values.ravel()
    sums = [float((flat[max(0, i - 2) : i + 3] ** 2).sum()) for i in range(7)]
    np.testing.assert_allclose(got, flat / (2 + 1e-4 * np.array(sums)) ** 0.75, rtol=1e-5)


@pytest.mark.parametrize("name", ["LeNet5", "LeNet5Modern"])
def test_lenet_learns_digits_and_survives_saving(name: str, digits: Digits, tmp_path: Path) -> None:
    import keras

    keras.utils.set_random_seed(0)
    images, labels = digits
    model = build_network(name)
    model.compile(keras.optimizers.Adam(2e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
    fixed = [np.array(weight) for weight in model.non_trainable_weights]
    history = model.fit(images, labels, batch_size=32, epochs=3, verbose=0).history
    assert history["loss"][-1] < 0.5 * history["loss"][0]
    assert history["accuracy"][-1] > 0.85
    for before, after in zip(fixed, model.non_trainable_weights, strict=True):
        np.testing.assert_array_equal(before, np.array(after))
    model.save(tmp_path / "lenet.keras")
    again = keras.saving.load_model(tmp_path / "lenet.keras")
    np.testing.assert_allclose(np.asarray(again(images[:4])), np.asarray(model(images[:4])), atol=1e-6)


def test_alexnet_trains_in_two_groups() -> None:
    import keras

    keras.utils.set_random_seed(0)
    model = build_network("AlexNet", input_shape=(67, 67, 3), num_classes=2)
    model.compile(keras.optimizers.SGD(1e-3), "sparse_categorical_crossentropy")
    images = np.random.default_rng(0).normal(size=(4, 67, 67, 3)).astype(np.float32) * 50
    before = [np.array(weight) for weight in model.trainable_weights]
    losses = [model.train_on_batch(images, np.array([0, 1, 0, 1])) for _ in range(3)]
    assert np.isfinite(losses).all()
    assert all(not np.array_equal(old, np.array(new)) for old, new in zip(before, model.trainable_weights, strict=True))


def test_a_grouped_convolution_of_resnext_reads_its_own_group() -> None:
    model = build_network("ResNeXt50", input_shape=(32, 32, 3), include_top=False)
    layer = model.get_layer("conv2_block1_2_conv")
    assert layer.groups == 32
    assert tuple(layer.kernel.shape) == (3, 3, 4, 128)


def test_automatic_names_do_not_depend_on_what_was_built_before() -> None:
    import keras

    keras.Sequential([keras.Input((8,)), keras.layers.Dense(2)])
    with shapes_only():
        first, second = (build_network("InceptionV3", include_top=False) for _ in range(2))
    names = [layer.name for layer in second.layers]
    assert names == [layer.name for layer in first.layers]
    assert names[1] == "conv2d"


def test_what_is_built_for_its_shapes_never_takes_memory() -> None:
    import keras

    network = build_without_weights("LeNet5")
    with keras.StatelessScope():  # Keras enters one to work out a shape, and fills what waits when it leaves
        other = keras.layers.Dense(2)
        other.build((None, 3))
    assert np.shape(other.kernel.numpy()) == (3, 2)
    assert all(variable._value is None for variable in network.variables)


def test_a_network_can_stand_on_other_layers() -> None:
    import keras

    inputs = keras.Input((64, 64, 3))
    scaled = keras.layers.Rescaling(1 / 127.5, offset=-1, name="preprocessing_scale")(inputs)
    model = build_network("EfficientNetB0", include_top=False, input_tensor=scaled)
    assert model.input_shape == (None, 64, 64, 3)
    assert not isinstance(model.input, list)
    images: Any = np.zeros((1, 64, 64, 3), np.float32)
    assert tuple(model(images).shape) == (1, 2, 2, 1280)
