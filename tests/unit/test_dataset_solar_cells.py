"""The far task: cells of one module on one side, and a clear word where the package is missing."""

from __future__ import annotations

import numpy as np
import pytest

import tlcore
from tlcore.datasets import get_dataset_spec, solar_cells
from tlcore.errors import DatasetError


def test_a_stretch_ends_where_the_kind_changes_and_after_sixty_cells() -> None:
    kinds = np.array(["mono"] * 61 + ["poly"] * 130)
    assert np.bincount(solar_cells.stretches(kinds)).tolist() == [60, 1, 60, 60, 10]


def test_without_the_package_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solar_cells, "find_spec", lambda name: None)
    with pytest.raises(DatasetError, match="pip install elpv-dataset"):
        tlcore.load_dataset("solar_cells", num_images=60)


@pytest.mark.skipif(not get_dataset_spec("solar_cells").is_available, reason="elpv-dataset is not installed")
def test_no_stretch_is_on_two_sides_of_the_split() -> None:
    data = tlcore.load_dataset("solar_cells", num_images=600, image_size=(16, 16), seed=1)
    _, _, kinds = solar_cells._table(solar_cells._folder() / "labels.csv")
    group_of = solar_cells.stretches(kinds)
    groups = {
        name: {int(group_of[int(source.removeprefix("cell")) - 1]) for source in split.sources}
        for name, split in data.splits.items()
    }
    assert not groups["train"] & groups["test"]
    assert not groups["train"] & groups["validation"]
    assert not groups["validation"] & groups["test"]
    for split, expected in ((data.train, 180), (data.validation, 60), (data.test, 60)):
        assert np.bincount(split.labels) == pytest.approx([expected, expected], abs=6)
