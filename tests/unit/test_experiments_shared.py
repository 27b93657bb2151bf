"""Repetitions that share a pool of images: each draws a part of it, of which the base says what it said of the pool."""

from __future__ import annotations

import numpy as np
import pytest

from tlcore.datasets import get_dataset_spec
from tlcore.experiments import ExperimentSettings, Outcome
from tlcore.experiments.measuring.aggregate import averaged
from tlcore.experiments.measuring.data import data_of, load
from tlcore.experiments.measuring.probes import outputs_of, pooled, shared_base
from tlcore.experiments.measuring.shared import parts_of, pool_of
from tlcore.features import extract_features

SETTINGS = ExperimentSettings(
    base="VGG16Slim", weights="random", dataset="digits", num_images=60, image_size=32, pool=300
)


@pytest.mark.parametrize("seed", [0, 1, 12345])
def test_a_repetition_draws_its_part_of_the_pool_and_splits_it(seed: int) -> None:
    data = data_of(SETTINGS, seed)
    parts, pool = parts_of(data), pool_of(data)
    drawn = np.concatenate([parts.train, parts.validation, parts.test])
    assert len(set(drawn.tolist())) == len(drawn), "no image is in two parts"
    assert [len(part) for part in (parts.train, parts.validation, parts.test)] == pytest.approx([36, 12, 12], abs=8)
    for part in (parts.train, parts.test):
        assert set(pool.labels[part]) == set(range(10))
    dataset = load({"data": data})
    assert np.array_equal(dataset.test.images, pool.images[parts.test])
    assert np.array_equal(parts_of(data).test, parts.test), "the same seed draws the same"
    assert not np.array_equal(parts_of(data_of(SETTINGS, seed + 1)).test, parts.test)


def test_near_duplicates_of_a_pool_stay_on_one_side() -> None:
    if not get_dataset_spec("solar_cells").is_available:
        pytest.skip("Needs the package with the images of solar cells.")
    data = data_of(SETTINGS.model_copy(update={"dataset": "solar_cells"}), 3)
    groups, parts = pool_of(data).groups, parts_of(data)
    assert groups is not None
    sides = [set(groups[part]) for part in (parts.train, parts.validation, parts.test)]
    assert not sides[0] & sides[2]
    assert not sides[0] & sides[1]


def test_what_is_looked_up_is_what_the_base_says_of_these_images() -> None:
    data = data_of(SETTINGS, 5)
    cell = {"base": "VGG16Slim", "weights": "random", "seed": 5, "data": data}
    train, test = outputs_of(cell, "train", "test")
    base = shared_base("VGG16Slim", "random", 32, 0)
    expected = pooled(extract_features(base, load(cell).test.images, precision="float32"))
    assert train.shape[1] == test.shape[1]
    np.testing.assert_allclose(test, expected, rtol=1e-4, atol=1e-5)


def test_more_runs_than_a_pool_has_images_for_make_nobody_surer() -> None:
    def error(runs: int, pool: int | None) -> float:
        settings = SETTINGS.model_copy(update={"pool": pool})
        cells = [{"data": data_of(settings, seed), "way": "a"} for seed in range(runs)]
        outcomes = [Outcome(cell, {"accuracy": 0.8, "num_test": 12}) for cell in cells]
        return averaged(outcomes, "accuracy", "way", accuracy=True)[("a",)].error

    assert error(25, 300) == error(50, 300), "25 runs of 12 test images have seen all 300"
    assert error(25, 300) < error(10, 300)
    assert error(50, None) < error(25, None)
