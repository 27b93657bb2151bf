"""All that a base is used for works on the one that is proposed, with its real weights."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tlcore.architectures import PROPOSED_BASE
from tlcore.datasets import Dataset, Split
from tlcore.explanation import (
    feature_maps,
    first_layer_filters,
    grad_cam,
    layer_arithmetic,
    occlusion_map,
    weight_statistics,
)
from tlcore.features import extract_features
from tlcore.features.neighbours import nearest_neighbours
from tlcore.features.survey import LayerSurvey, feature_layers
from tlcore.models import build_base
from tlcore.models.unfreezing import find_unfreeze_layer, tabled_unfreeze_layer
from tlcore.training import Run, TrainingSpec, train

SHAPE = (32, 32, 3)


@pytest.fixture
def tiny_data(tiny_images: NDArray[np.uint8], tiny_labels: NDArray[np.int64]) -> Dataset:
    split = Split(tiny_images, tiny_labels, tuple(map(str, range(len(tiny_labels)))))
    return Dataset("tiny", ("red", "blue"), split, split, split)


@pytest.fixture(scope="module")
def base() -> Any:
    return build_base(PROPOSED_BASE, input_shape=SHAPE, weights="imagenet")


def moved_blocks(run: Run) -> list[str]:
    """Blocks of the base with a layer that drifted, in order."""
    drifted = [name for name, drift in run.weight_drift.items() if drift > 0 and not name.startswith("head_")]
    return list(dict.fromkeys(name.split("_")[0] for name in drifted))


@pytest.mark.timeout(600)
def test_unfreezing_a_block_moves_what_lies_behind_it_and_nothing_else(tiny_data: Dataset) -> None:
    spec = TrainingSpec(
        method="fine_tuning", unfreeze_from="block7a", head=(8,), epochs=1, fine_tuning_epochs=1, batch_size=12
    )
    run = train(spec, tiny_data)
    assert run.spec.base == PROPOSED_BASE
    assert moved_blocks(run) == ["block7a", "top"]
    assert run.weight_drift["block6d_project_conv"] == 0.0
    assert run.trainable_tensors_after == 4
    assert np.isfinite([row["val_loss"] for row in run.history]).all()


@pytest.mark.parametrize(
    ("asked", "layer"),
    [
        ("block7a", "block7a_expand_conv"),
        ("block1a", "block1a_dwconv"),
        ("block6d_project_conv", "block6d_project_conv"),
        (None, "block7a_expand_conv"),  # so says the registry: the last convolution alone is no block
    ],
)
def test_blocks_and_layers_can_be_unfrozen_from(base: Any, asked: str | None, layer: str) -> None:
    assert find_unfreeze_layer(base, asked) == tabled_unfreeze_layer(PROPOSED_BASE, asked) == layer


def test_it_is_looked_into_from_the_first_filter_to_the_last_map(base: Any, tiny_images: NDArray[np.uint8]) -> None:
    image = tiny_images[0]
    assert feature_maps(base, image, "block3b_add").shape == (4, 4, 40)
    assert first_layer_filters(base).shape[0] == 32
    assert [row.shape for row in weight_statistics(base, "block7a_dwconv")] == [(3, 3, 1152, 1)]
    for layer in ("stem_conv", "block5a_dwconv", "block7a_project_conv", "top_conv"):
        found = layer_arithmetic(base, image, layer)
        assert found.result == pytest.approx(found.output, abs=1e-3), layer


def test_photographs_are_explained_and_compared(tiny_images: NDArray[np.uint8], base: Any) -> None:
    network = build_base(PROPOSED_BASE, input_shape=SHAPE, weights="imagenet", include_top=True)
    assert grad_cam(network, tiny_images[0]).shape == (32, 32)
    falls = occlusion_map(network, tiny_images[0], patch=16, stride=8)
    assert falls.shape == (32, 32)
    assert np.ptp(falls) > 0

    layers = feature_layers(PROPOSED_BASE)
    found = LayerSurvey(base, layers[-3:]).of(tiny_images)
    whole = extract_features(base, tiny_images, precision="float32")  # (N, 1, 1, 1280)
    np.testing.assert_allclose(found[layers[-1]].mean, whole.mean(axis=(1, 2)), atol=1e-4)
    pooled = whole.mean(axis=(1, 2))  # (N, 1280)
    neighbours = nearest_neighbours(pooled, pooled[0], count=5, leave_out=0)
    assert sum(neighbour.index % 2 == 0 for neighbour in neighbours) >= 4, "reddish ones are near reddish ones"
