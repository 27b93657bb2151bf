"""A head on a base that other runs read at the same time: the same run, and the base stays as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tlcore.datasets import Dataset, Split
from tlcore.models import build_base
from tlcore.projects import load_project, save_project
from tlcore.training import TrainingSpec, train
from tlcore.training.checkpoint import find_starting_point
from tlcore.training.events import RunEvents
from tlcore.training.run_in_progress import RunInProgress
from tlcore.training.trained_network import HeadOnSharedBase, OwnNetwork
from tlcore.training.trainer import train_on

SETTINGS: dict[str, Any] = {"base": "VGG16Slim", "weights": "embedded", "head": (4,), "batch_size": 4, "epochs": 2}


@pytest.fixture(scope="module")
def base() -> Any:
    return build_base("VGG16Slim", input_shape=(32, 32, 3), weights="embedded")


@pytest.fixture
def data(tiny_images: NDArray[np.uint8], tiny_labels: NDArray[np.int64]) -> Dataset:
    split = Split(tiny_images, tiny_labels, tuple(map(str, range(len(tiny_labels)))))
    return Dataset("tiny", ("red", "blue"), split, split, split)


def state_of(base: Any) -> list[Any]:
    """What a run might leave behind: weights, what is trainable, and what reads its last layer."""
    last = base.layers[-1]
    return [base.get_weights(), [layer.trainable for layer in base.layers], list(last._outbound_nodes)]


@pytest.mark.parametrize("settings", [{}, {"method": "frozen", "augmentation": True, "pooling": "average"}])
def test_the_run_is_the_one_with_a_base_of_its_own(
    base: Any, data: Dataset, settings: dict[str, Any], tmp_path: Path
) -> None:
    spec = TrainingSpec(**{**SETTINGS, "method": "feature_extraction", **settings})
    before = state_of(base)
    shared, own = train_on(base, spec, data), train(spec, data)

    assert isinstance(shared.network, HeadOnSharedBase)
    without_clock = [{**row, "seconds": 0} for row in shared.history]
    assert without_clock == [{**row, "seconds": 0} for row in own.history]
    assert shared.weight_drift == own.weight_drift
    counts = [(run.trainable_tensors_before, run.trainable_tensors_after) for run in (shared, own)]
    assert counts == [(30, 4)] * 2
    assert shared.cost_ledger["total_parameters"] == own.cost_ledger["total_parameters"] == own.model.count_params()
    loaded = load_project(save_project(shared, tmp_path / "run.zip"))
    answers = [np.asarray(run.model(data.test.images)) for run in (own, shared, loaded)]
    np.testing.assert_array_equal(answers[0], answers[1])
    np.testing.assert_array_equal(answers[0], answers[2])
    assert not any(layer in base.layers for layer in shared.model.layers), "its network is the run's own"
    after = state_of(base)
    np.testing.assert_equal(after[0], before[0])
    assert after[1:] == before[1:]


@pytest.mark.parametrize("settings", [{"method": "fine_tuning"}, {"method": "random_frozen"}, {"weights": "random"}])
def test_a_run_that_changes_its_base_or_draws_it_has_its_own(
    base: Any, data: Dataset, settings: dict[str, Any]
) -> None:
    spec = TrainingSpec(**{**SETTINGS, "method": "feature_extraction", **settings})
    start = find_starting_point(spec, data, None)
    running = RunInProgress(spec, data, RunEvents(None, None), start, shared_base=base)
    assert isinstance(running.network, OwnNetwork)
