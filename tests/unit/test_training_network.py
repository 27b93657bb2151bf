"""The lecture's network: its counts, what is frozen, and names of layers that are not there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tlcore.errors import InvalidArgumentError
from tlcore.models import build_base
from tlcore.models.freezing import freeze_base
from tlcore.models.head import Network
from tlcore.models.unfreezing import find_unfreeze_layer
from tlcore.training import TrainingSpec
from tlcore.training.network import build_network
from tlcore.training.phases import learning_rate_at, phases_of

LECTURE = TrainingSpec(base="VGG16", weights="random", method="fine_tuning", unfreeze_from="block5_conv1", dropout=0.0)


@pytest.fixture(scope="module")
def lecture_network() -> Network:
    return build_network(LECTURE, (150, 150, 3), 2)


def test_counts_are_those_of_the_lecture(lecture_network: Network) -> None:
    for layer in lecture_network.base.layers:
        layer.trainable = True
    assert lecture_network.trainable_parameters == 16_812_353
    assert lecture_network.trainable_tensors == 30
    freeze_base(lecture_network.base, None)
    assert lecture_network.trainable_tensors == 4
    assert lecture_network.trainable_parameters == 2_097_665
    freeze_base(lecture_network.base, "block5_conv1")
    assert lecture_network.trainable_tensors == 10


def test_the_network_is_flat_and_has_preprocessing_inside(lecture_network: Network) -> None:
    names = [layer.name for layer in lecture_network.model.layers]
    assert {"block1_conv1", "block5_pool", "head_flatten", "head_dense_1", "head_output"} <= set(names)
    assert lecture_network.model.output_shape == (None, 1)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("block5_conv1", "block5_conv1"),
        ("block4", "block4_conv1"),
        (None, "block5_conv1"),
        ("block4_pool", "block4_pool"),
    ],
)
def test_layers_and_blocks_are_found(lecture_network: Network, asked: str | None, found: str) -> None:
    assert find_unfreeze_layer(lecture_network.base, asked) == found


def test_an_unknown_layer_is_refused_with_the_nearest_names(lecture_network: Network) -> None:
    with pytest.raises(InvalidArgumentError, match="block5_conv1"):
        find_unfreeze_layer(lecture_network.base, "blok5_conv1")


def test_five_steps_become_two_phases(lecture_network: Network) -> None:
    head, fine = phases_of(LECTURE, lecture_network.base)
    assert (head.name, head.first_trained, head.learning_rate) == ("head", None, 1e-4)
    assert (fine.name, fine.first_trained, fine.learning_rate) == ("fine_tuning", "block5_conv1", 1e-5)


def test_the_cosine_ends_near_zero(lecture_network: Network) -> None:
    phase = phases_of(LECTURE, lecture_network.base)[0]
    assert learning_rate_at(phase, "cosine", 0, 100) == phase.learning_rate
    assert learning_rate_at(phase, "cosine", 99, 100) < 1e-3 * phase.learning_rate
    assert learning_rate_at(phase, "constant", 99, 100) == phase.learning_rate


def strength(base: Any) -> float:
    """Standard deviation of the last feature maps of noise."""
    noise = np.random.default_rng(0).integers(0, 256, (4, 32, 32, 3))
    return float(np.std(base(noise.astype(np.float32), training=False)))


def test_from_scratch_the_signal_reaches_the_end_and_the_seed_decides_it() -> None:
    spec = TrainingSpec(base="VGG16Slim", method="scratch")
    ours, again, other = (
        build_network(spec.model_copy(update={"seed": seed}), (32, 32, 3), 2).base for seed in (0, 0, 1)
    )
    assert strength(ours) > 10 * strength(build_base("VGG16Slim", input_shape=(32, 32, 3), weights="random"))
    assert strength(ours) == strength(again) != strength(other)


def test_a_network_with_a_start_of_its_own_keeps_it() -> None:
    base = build_network(TrainingSpec(base="AlexNetSingle", method="scratch"), (227, 227, 3), 2).base
    assert np.std(base.get_layer("conv2").kernel) == pytest.approx(0.01, rel=0.05)
