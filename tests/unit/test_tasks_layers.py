"""The explorer's tasks, called as a worker calls them."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from tlcore.engine.in_worker import check_plain
from tlcore.engine.job import JobContext
from tlcore.engine.tasks.layers import inspect_activations, inspect_weights
from tlcore.engine.tasks.references import NetworkReference

BASE = NetworkReference(base="VGG16Slim", weights="random", input_shape=(32, 32, 3), include_top=False)


@pytest.fixture
def context() -> JobContext:
    return JobContext("job", "an-owner-of-a-test", lambda event: None, lambda: False)


@pytest.fixture
def photo() -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8)).save(file, "PNG")
    return file.getvalue()


def test_weights_of_a_layer_and_filters_of_the_first(context: JobContext) -> None:
    answer = check_plain(inspect_weights(context, layer="block1_conv1", network=BASE))
    kernel, bias = answer.tensors
    assert kernel.shape[:3] == (3, 3, 3)
    assert bias.share_zero == 1.0
    assert answer.filters.shape == (kernel.shape[3], 3, 3, 3)
    assert inspect_weights(context, layer="block2_conv1", with_filters=False, network=BASE).filters is None


def test_activations_and_the_arithmetic_of_one_number(context: JobContext, photo: bytes) -> None:
    answer = check_plain(
        inspect_activations(context, image=photo, layer="block2_conv1", position=(99, 3), network=BASE)
    )
    numbers = answer.arithmetic
    assert answer.pictures.shape[1:] == answer.shape[:2]
    assert numbers.row == answer.shape[0] - 1, "a place outside is moved to the nearest inside"
    assert numbers.result == pytest.approx(numbers.output, abs=1e-3)
    assert numbers.channel == answer.channels[0].channel == answer.chosen.channel
    assert (answer.row, answer.column, answer.value) == (numbers.row, numbers.column, numbers.output)
    assert answer.picture.tolist() == answer.pictures[0].tolist()
    assert answer.photo.shape == (32, 32, 3)


def test_any_channel_may_be_looked_at(context: JobContext, photo: bytes) -> None:
    last = inspect_activations(context, image=photo, layer="block2_conv1", network=BASE).channels[-1].channel
    answer = inspect_activations(context, image=photo, layer="block2_conv1", channel=last, network=BASE)
    assert answer.chosen.channel == answer.arithmetic.channel == last


def test_a_pooling_has_no_arithmetic(context: JobContext, photo: bytes) -> None:
    answer = inspect_activations(context, image=photo, layer="block1_pool", network=BASE)
    assert answer.arithmetic is None


def test_a_grey_network_sees_a_colour_photo_as_grey(context: JobContext, photo: bytes) -> None:
    grey = NetworkReference(base="LeNet5", weights="random", input_shape=(32, 32, 1))
    answer = inspect_activations(context, image=photo, layer="C3", channel=5, position=(2, 0), network=grey)
    assert answer.shape == (10, 10, 16)
    assert answer.photo.shape == (32, 32, 1)
    assert answer.arithmetic.input_channels == (0, 1, 5), "the paper's table I"
    assert answer.arithmetic.result == pytest.approx(answer.arithmetic.output, abs=1e-4)


def test_a_classifier_of_other_classes_has_its_own_weights(context: JobContext) -> None:
    other = BASE.model_copy(update={"include_top": True, "num_classes": 5})
    kernel, bias = inspect_weights(context, layer="predictions", network=other).tensors
    assert (kernel.shape[1], bias.shape) == (5, (5,))
