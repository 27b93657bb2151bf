"""Sets that whoever runs the lab has put into a folder: listed for everybody, read once, noticed when they change."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tlcore.datasets import get_dataset_spec, lab_sets, list_datasets, load_dataset
from tlcore.datasets.class_folders import find_class_folders
from tlcore.errors import InvalidArgumentError
from tlcore.settings import get_settings
from tlcore.store.datasets import is_ready, ready_dataset

NAME = "folder:Leaves"
ASKED = {"num_images": 30, "image_size": (32, 32), "seed": 0}


def paint(path: Path, seed: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(seed).integers(0, 256, (6, 6, 3), np.uint8)
    Image.fromarray(noise).resize((48, 40), Image.Resampling.NEAREST).save(path)


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of sets: one good, one that holds one class only, and what systems leave behind."""
    root = tmp_path / "sets"
    for number in range(20):
        paint(root / "Leaves" / "train" / "oak" / f"{number}.png", number)
        paint(root / "Leaves" / "train" / "elm" / f"{number}.jpg", 100 + number)
    paint(root / "Leaves" / "train" / "stray" / "1.png", 300)
    paint(root / "Leaves" / "test" / "oak" / "20.png", 400)
    paint(root / "Single" / "only" / "1.png", 500)
    paint(root / ".hidden" / "a" / "1.png", 600)
    (root / "Leaves" / "train" / "oak" / "Thumbs.db").write_bytes(b"x")
    (root / "Leaves" / "train" / "elm" / "damaged.jpg").write_bytes(b"\xff\xd8\xff and no more")
    monkeypatch.setenv("TLCORE_DATASETS_DIR", str(root))
    monkeypatch.setenv("TLCORE_HOME", str(tmp_path / "home"))
    get_settings.cache_clear()
    lab_sets._sets_in.cache_clear()
    return root


def test_each_folder_of_sets_is_a_ready_set_for_everybody(lab: Path) -> None:
    assert [name for name in list_datasets() if name.startswith("folder:")] == [NAME]
    spec = get_dataset_spec(NAME)
    assert (spec.title, spec.class_names, spec.max_images) == ("Leaves", ("elm", "oak"), 42)
    assert spec.is_available
    with pytest.raises(InvalidArgumentError):
        get_dataset_spec("folder:Single")


def test_as_many_images_as_are_asked_for_come_and_what_is_damaged_is_named(lab: Path) -> None:
    steps: list[tuple[int, int]] = []
    data = load_dataset(NAME, **ASKED, progress=lambda done, total: steps.append((done, total)))
    assert sum(map(len, data.splits.values())) == 30
    assert np.bincount(data.train.labels).tolist() == [9, 9]
    assert steps[-1] == (30, 30)
    everything = load_dataset(NAME, num_images=42, image_size=(32, 32))
    assert [file.name for file in everything.rejected] == ["train/elm/damaged.jpg"]
    assert sum(map(len, everything.splits.values())) == 41


def test_a_set_is_read_once_and_again_when_a_file_changes(lab: Path) -> None:
    first = ready_dataset(NAME, **ASKED)
    assert is_ready(NAME, **ASKED)
    before = find_class_folders(lab / "Leaves").fingerprint
    paint(lab / "Leaves" / "train" / "oak" / "0.png", 900)
    lab_sets._sets_in.cache_clear()  # as five seconds later
    assert find_class_folders(lab / "Leaves").fingerprint != before
    assert not is_ready(NAME, **ASKED)
    again = ready_dataset(NAME, **ASKED)
    assert again.class_names == first.class_names


def test_a_folder_that_is_gone_has_no_sets(lab: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TLCORE_DATASETS_DIR", str(lab / "nowhere"))
    get_settings.cache_clear()
    assert NAME not in list_datasets()
