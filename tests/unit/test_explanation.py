"""Explanations of real small networks, one of them trained to look for a square."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import tlcore
from tlcore.errors import InvalidArgumentError
from tlcore.explanation import (
    feature_maps,
    first_layer_filters,
    grad_cam,
    heat_colours,
    heat_layer,
    map_likeness,
    map_pictures,
    most_active_channels,
    occlusion_map,
    overlay_heat,
    randomized,
    smooth_gradients,
    weight_statistics,
)
from tlcore.inference import predict

keras = pytest.importorskip("keras")
SIDE, SQUARE = 32, 10


def squares(count: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Noise; odd images have a bright square somewhere: images, labels, (row, column) of the corners."""
    random = np.random.default_rng(seed)
    images = random.integers(0, 90, (count, SIDE, SIDE, 3), np.uint8)
    corners = random.integers(0, SIDE - SQUARE, (count, 2))
    for image, (row, column) in zip(images[1::2], corners[1::2], strict=True):
        image[row : row + SQUARE, column : column + SQUARE, :2] = 230
    return images, np.arange(count) % 2, corners


@pytest.fixture(scope="module", params=[1, 2], ids=["sigmoid", "softmax"])
def square_finder(request: pytest.FixtureRequest) -> keras.Model:
    """A network trained to say whether there is a square, with one sigmoid unit or two softmax units."""
    keras.utils.set_random_seed(1)
    images, labels, _ = squares(128, 0)
    layers = keras.layers
    x = inputs = keras.Input((SIDE, SIDE, 3))
    x = layers.Rescaling(1 / 255)(x)
    x = layers.Conv2D(8, 3, padding="same", activation="relu", name="first")(x)
    x = layers.MaxPooling2D()(x)
    x = layers.Conv2D(12, 3, padding="same", activation="relu", name="second")(x)
    x = layers.GlobalAveragePooling2D()(x)
    outputs = layers.Dense(request.param, activation="sigmoid" if request.param == 1 else "softmax", name="head")(x)
    model = keras.Model(inputs, outputs)
    loss = "binary_crossentropy" if request.param == 1 else "sparse_categorical_crossentropy"
    model.compile(keras.optimizers.Adam(0.01), loss, metrics=["accuracy"], jit_compile=False)
    history = model.fit(images, labels, epochs=30, batch_size=16, verbose=0).history
    assert history["accuracy"][-1] > 0.97
    return model


def share_on_square(heat: np.ndarray, corner: np.ndarray) -> float:
    row, column = np.maximum(corner - 2, 0)
    return float(heat[row : row + SQUARE + 4, column : column + SQUARE + 4].sum() / heat.sum())


def test_grad_cam_finds_the_planted_square(square_finder: keras.Model) -> None:
    images, _, corners = squares(20, 7)
    for image, corner in zip(images[1::2], corners[1::2], strict=True):
        heat = grad_cam(square_finder, image, 1)
        assert heat.shape == (SIDE, SIDE)
        assert heat.dtype == np.float32
        assert heat.min() >= 0
        assert heat.max() == pytest.approx(1)
        assert share_on_square(heat, corner) > 0.6


@pytest.mark.parametrize("units", [1, 2])
def test_smooth_gradients_show_what_the_score_hangs_on_and_nothing_else(units: int) -> None:
    inputs = keras.Input((16, 16, 3))
    seen = keras.layers.Flatten()(keras.layers.Cropping2D(((3, 5), (2, 6)))(inputs))  # rows 3 to 10, columns 2 to 9
    looks = keras.layers.Dense(units, activation="sigmoid" if units == 1 else "softmax")
    model = keras.Model(inputs, looks(keras.layers.Rescaling(1 / 255)(seen)))
    image = np.random.default_rng(0).integers(0, 256, (16, 16, 3), np.uint8)
    heat = smooth_gradients(model, image, 1, copies=9)
    assert heat.shape == (16, 16)
    assert heat.dtype == np.float32
    assert heat.max() == 1
    assert (heat[3:11, 2:10] > 0).all()
    assert heat.sum() == pytest.approx(heat[3:11, 2:10].sum())
    wanted = np.abs(looks.kernel.numpy()[:, units - 1].reshape(8, 8, 3)).max(axis=-1)  # a linear score has one gradient
    np.testing.assert_allclose(heat[3:11, 2:10], (wanted / np.quantile(np.pad(wanted, 4), 0.99)).clip(0, 1), atol=1e-4)
    likeliest = int(predict(model, image)[0].index)
    np.testing.assert_array_equal(smooth_gradients(model, image), smooth_gradients(model, image, likeliest))
    for wrong in ({"copies": 0}, {"noise": 2.0}, {"class_index": 2}):
        with pytest.raises(InvalidArgumentError):
            smooth_gradients(model, image, **wrong)


def test_a_map_changes_where_the_network_has_forgotten_everything(square_finder: keras.Model) -> None:
    """Adebayo's check: what a network has learned is in Grad-CAM's map, and nothing of it in its random twin's."""
    before = [weight.numpy().copy() for weight in square_finder.weights]
    forgetful = randomized(square_finder)
    for old, new, kept in zip(before, forgetful.weights, square_finder.weights, strict=True):
        np.testing.assert_array_equal(old, kept.numpy(), "the network itself stays")
        assert old.ndim == 1 or not np.array_equal(old, new.numpy())
    image = squares(2, 7)[0][1]
    learned = grad_cam(square_finder, image, 1)
    assert map_likeness(learned, learned) == pytest.approx(1)
    assert map_likeness(learned, grad_cam(forgetful, image, 1)) < 0.9


def test_likeness_of_maps() -> None:
    rising = np.arange(12.0).reshape(3, 4)
    assert map_likeness(rising, rising**3) == pytest.approx(1), "the order counts"
    assert map_likeness(rising, -rising) == pytest.approx(-1)
    assert map_likeness(rising, np.ones_like(rising)) == 0, "a map of one brightness says nothing"
    with pytest.raises(InvalidArgumentError, match="one size"):
        map_likeness(rising, rising.T)


def test_grad_cam_explains_the_predicted_class_by_default(square_finder: keras.Model) -> None:
    image = squares(2, 7)[0][1]
    np.testing.assert_array_equal(grad_cam(square_finder, image), grad_cam(square_finder, image, 1))


def test_grad_cam_of_the_other_class_looks_elsewhere(square_finder: keras.Model) -> None:
    images, _, corners = squares(20, 7)
    for image, corner in zip(images[1::2], corners[1::2], strict=True):
        heat = grad_cam(square_finder, image, 0)
        assert heat.sum() == 0 or share_on_square(heat, corner) < 0.5


def test_grad_cam_works_where_the_sigmoid_is_saturated() -> None:
    inputs = keras.Input((8, 8, 3))
    maps = keras.layers.Conv2D(2, 3, kernel_initializer="ones", name="maps")(inputs)
    pooled = keras.layers.GlobalAveragePooling2D()(maps)
    model = keras.Model(inputs, keras.layers.Dense(1, "sigmoid", kernel_initializer="ones")(pooled))
    image = np.full((8, 8, 3), 200, np.uint8)
    assert float(model(image[np.newaxis].astype("float32"))[0, 0]) == 1.0
    assert grad_cam(model, image, 1).max() == 1.0
    assert grad_cam(model, image, 0).max() == 0.0


def test_grad_cam_of_a_frozen_network_with_a_separate_softmax() -> None:
    inputs = keras.Input((16, 16, 3))
    maps = keras.layers.Conv2D(4, 3, activation="relu")(inputs)
    scores = keras.layers.Dense(5)(keras.layers.GlobalAveragePooling2D()(maps))
    model = keras.Model(inputs, keras.layers.Softmax()(scores))
    model.trainable = False
    image = np.random.default_rng(0).integers(0, 256, (16, 16, 3), np.uint8)
    assert max(grad_cam(model, image, index).max() for index in range(5)) == 1.0


def test_grad_cam_of_a_base_with_its_top() -> None:
    base = tlcore.build_base("VGG16Slim", input_shape=(64, 64, 3), weights="random", include_top=True)
    image = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    assert grad_cam(base, image).shape == (64, 64)
    assert grad_cam(base, image, layer="block3_conv1").shape == (64, 64)


def test_occlusion_finds_the_planted_square(square_finder: keras.Model) -> None:
    images, _, corners = squares(10, 9)
    told: list[tuple[int, int]] = []
    heat = occlusion_map(
        square_finder, images[1], 1, patch=10, stride=5, progress=lambda done, total: told.append((done, total))
    )
    assert heat.shape == (SIDE, SIDE)
    assert np.all(np.abs(heat) <= 1)
    assert told[-1][0] == told[-1][1] == 36
    assert share_on_square(np.maximum(heat, 0) ** 2, corners[1]) > 0.6
    np.testing.assert_allclose(occlusion_map(square_finder, images[1], 0, patch=10, stride=5), -heat, atol=1e-5)


def test_occlusion_leaves_the_image_as_it_was(square_finder: keras.Model) -> None:
    image = squares(2, 1)[0][1]
    before = image.copy()
    occlusion_map(square_finder, image, patch=16, stride=16)
    np.testing.assert_array_equal(image, before)


def test_feature_maps_are_what_the_layer_gives(square_finder: keras.Model) -> None:
    image = squares(2, 3)[0][1]
    maps = feature_maps(square_finder, image, "second")
    assert maps.shape == (16, 16, 12)
    part = keras.Model(square_finder.inputs, [square_finder.get_layer("second").output])
    np.testing.assert_allclose(maps, part([image[np.newaxis]], training=False)[0], atol=1e-6)
    assert feature_maps(square_finder, image, "head").shape[:2] == (1, 1)


def test_most_active_channels_come_best_first() -> None:
    maps = np.zeros((4, 5, 3), np.float32)
    maps[2, 3, 1] = 8
    maps[..., 2] = 1
    best, second = most_active_channels(maps, count=2)
    assert (best.channel, best.mean, best.share_active) == (2, 1.0, 1.0)
    assert (second.channel, second.highest, second.row, second.column) == (1, 8.0, 2, 3)
    pictures = map_pictures(maps)
    assert pictures.shape == (3, 4, 5)
    assert pictures[1, 2, 3] == 255
    assert pictures[0].max() == 0
    assert map_pictures(maps, each_alone=False)[2].max() == 32


@pytest.mark.parametrize("blue_first", [False, True])
def test_first_filters_are_shown_in_their_true_colours(blue_first: bool) -> None:
    x = inputs = keras.Input((16, 16, 3))
    if blue_first:
        x = keras.ops.flip(x, axis=-1)
    x = keras.layers.Rescaling(1.0, [-103.9, -116.8, -123.7])(x)
    convolution = keras.layers.Conv2D(1, 3)
    model = keras.Model(inputs, convolution(x))
    kernel = np.zeros((3, 3, 3, 1), np.float32)
    kernel[1, 1, 2 if blue_first else 0] = 2  # looks for red
    convolution.set_weights([kernel, np.zeros(1)])
    (picture,) = first_layer_filters(model)
    assert picture[1, 1].tolist() == [255, 128, 128]
    assert picture[0, 0].tolist() == [128, 128, 128]


def test_first_filters_of_a_network_on_grey_are_grey() -> None:
    model = keras.Sequential([keras.Input((16, 16, 1)), keras.layers.Conv2D(6, 5)])
    pictures = first_layer_filters(model)
    assert pictures.shape == (6, 5, 5, 3)
    np.testing.assert_array_equal(pictures[..., 0], pictures[..., 2])


def test_weight_statistics_are_those_of_the_weights() -> None:
    layer = keras.layers.Dense(4, name="dense")
    model = keras.Sequential([keras.Input((3,)), layer])
    layer.set_weights([np.array([[0, 1, 2, 3], [0, 0, 0, -6], [1, 1, 1, 1]], np.float32), np.zeros(4)])
    layer.trainable = False
    kernel, bias = weight_statistics(model, "dense")
    assert (kernel.name, kernel.shape, kernel.count, kernel.trainable) == ("kernel", (3, 4), 12, False)
    assert (kernel.minimum, kernel.maximum, kernel.share_zero) == (-6, 3, pytest.approx(4 / 12))
    assert sum(kernel.histogram) == 12
    assert len(kernel.edges) == len(kernel.histogram) + 1
    assert bias.share_zero == 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda model, image: grad_cam(model, image, 2), "class_index"),
        (lambda model, image: grad_cam(model, image, layer="secnod"), "second"),
        (lambda model, image: grad_cam(model, image, layer="head"), "feature map"),
        (lambda model, image: grad_cam(model, image[:8]), "shape"),
        (lambda model, image: grad_cam(model, image * np.float32(np.nan)), "NaN"),
        (lambda model, image: grad_cam("model", image), "keras.Model"),
        (lambda model, image: grad_cam(model, np.stack([image, image])), "one image"),
        (lambda model, image: feature_maps(model, image, "third"), "layer"),
        (lambda model, image: occlusion_map(model, image, 5), "class_index"),
        (lambda model, image: occlusion_map(model, image, patch=99), "patch"),
        (lambda model, image: occlusion_map(model, image, patch=4, stride=5), "stride"),
        (lambda model, image: overlay_heat(image, np.zeros((4, 4), np.float32)), "one size"),
        (lambda model, image: weight_statistics(model, "third"), "layer"),
    ],
)
def test_what_cannot_be_is_refused(square_finder: keras.Model, call: Callable[..., object], message: str) -> None:
    image = squares(1, 0)[0][0]
    with pytest.raises(InvalidArgumentError, match=message):
        call(square_finder, image)


def test_networks_without_a_map_or_classes_are_refused() -> None:
    flat = keras.Sequential(
        [keras.Input((8, 8, 3)), keras.layers.Flatten(), keras.layers.Dense(1, activation="sigmoid")]
    )
    image = np.zeros((8, 8, 3), np.uint8)
    with pytest.raises(InvalidArgumentError, match="feature map"):
        grad_cam(flat, image)
    headless = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(2, 3)])
    with pytest.raises(InvalidArgumentError, match="classes"):
        grad_cam(headless, image)


def test_a_layer_of_heat_is_transparent_where_it_is_cold() -> None:
    layer = heat_layer(np.array([[0, 1]], np.float32), opacity=0.5)
    assert layer[0, 0, 3] == 0
    assert layer[0, 1].tolist() == [252, 255, 164, 128]


def test_heat_is_laid_over_the_image() -> None:
    image = np.full((4, 4, 3), 100, np.uint8)
    heat = np.zeros((4, 4), np.float32)
    heat[0, 0] = 1
    shown = overlay_heat(image, heat, opacity=1.0)
    assert shown[1, 1].tolist() == [100, 100, 100]
    assert shown[0, 0].tolist() == heat_colours(np.float32(1)).tolist() == [252, 255, 164]
