"""A base that was built before it was wanted: the run is the very same, and nothing of another run is in it."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tlcore.datasets import Dataset, Split
from tlcore.training import TrainingSpec, spare_base, train
from tlcore.training.spare_base import build_spare, own_base

SETTINGS: dict[str, Any] = {"base": "VGG16Slim", "weights": "embedded", "method": "unfrozen", "head": (4,)}


@pytest.fixture
def data(tiny_images: NDArray[np.uint8], tiny_labels: NDArray[np.int64]) -> Dataset:
    split = Split(tiny_images, tiny_labels, tuple(map(str, range(len(tiny_labels)))))
    return Dataset("tiny", ("red", "blue"), split, split, split)


def test_a_run_on_a_spare_base_is_the_run_without_one(data: Dataset) -> None:
    spec = TrainingSpec(**SETTINGS, epochs=1, batch_size=4)
    first = train(spec, data)
    changed = [layer.get_weights() for layer in first.model.layers]
    assert build_spare()
    second = train(spec, data)

    without_clock = [[{**row, "seconds": 0} for row in run.history] for run in (first, second)]
    assert without_clock[0] == without_clock[1]
    np.testing.assert_equal([layer.get_weights() for layer in second.model.layers], changed)
    assert not {*map(id, first.model.layers)} & {*map(id, second.model.layers)}


def test_a_spare_base_is_taken_once_by_who_wants_the_same() -> None:
    wanted: dict[str, Any] = {"weights": "embedded", "input_shape": (32, 32, 3), "seed": 3}
    built = own_base("VGG16Slim", **wanted)
    after = random.random()
    state = random.getstate()
    assert build_spare()
    assert random.getstate() == state, "what others draw meanwhile is left alone"
    taken = own_base("VGG16Slim", **wanted)
    assert random.random() == after, "as if it had been built now"
    assert own_base("VGG16Slim", **wanted) is not taken
    np.testing.assert_equal(taken.get_weights(), built.get_weights())
    assert [layer.name for layer in taken.layers] == [layer.name for layer in built.layers]

    own_base("VGG16Slim", **wanted | {"weights": "random"})
    assert not build_spare(), "what is drawn is drawn when it is wanted"


def test_what_is_too_large_to_lie_ready_is_not_built(monkeypatch: pytest.MonkeyPatch) -> None:
    own_base("VGG16Slim", weights="embedded", input_shape=(32, 32, 3), seed=3)
    monkeypatch.setattr(spare_base, "_MOST_WEIGHTS", 1_000_000)
    monkeypatch.setattr(spare_base, "build_base", lambda *_, **__: pytest.fail("it was built in vain"))
    assert not build_spare()
