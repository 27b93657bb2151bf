"""What holds for every registered dataset."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

import tlcore
from tlcore.datasets import get_dataset_spec
from tlcore.errors import InvalidArgumentError

REPOSITORY = Path(__file__).resolve().parents[2]
NAMES = tlcore.list_datasets()
HERE = [
    pytest.param(
        name, marks=pytest.mark.skipif(not get_dataset_spec(name).is_available, reason=f"{name}: package not installed")
    )
    for name in NAMES
]


def requirements_of(extra: str) -> str:
    """What `pip install tlcore[extra]` brings, as `pyproject.toml` has it."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    return " ".join(project["optional-dependencies"][extra])


@pytest.mark.parametrize("name", NAMES)
def test_facts_are_complete(name: str) -> None:
    spec = get_dataset_spec(name)
    assert spec.name == name
    assert spec.kind in ("drawn", "scans", "photographs")
    assert spec.package is None or spec.package.requirement in requirements_of("datasets")
    assert len(spec.class_names) == len(spec.class_titles) >= 2
    assert all((spec.title, spec.description, spec.licence, spec.teaching_note))
    assert 3 * spec.num_classes <= spec.default_images <= spec.max_images


@pytest.mark.parametrize("name", HERE)
def test_splits_hold_every_class_in_proportion_and_no_image_twice(name: str) -> None:
    spec = get_dataset_spec(name)
    count = 20 * spec.num_classes
    data = tlcore.load_dataset(name, num_images=count, image_size=(24, 40), seed=3)
    assert data.class_names == spec.class_names
    for part, each in ((data.train, 12), (data.validation, 4), (data.test, 4)):
        assert part.images.shape == (each * spec.num_classes, 24, 40, 3)
        assert part.images.dtype == np.uint8
        assert part.labels.dtype == np.int64
        assert np.bincount(part.labels).tolist() == [each] * spec.num_classes
    sources = [source for part in data.splits.values() for source in part.sources]
    assert len(set(sources)) == count


@pytest.mark.parametrize("name", HERE)
def test_the_same_seed_gives_the_same_images(name: str) -> None:
    first, second, other = (tlcore.load_dataset(name, num_images=60, image_size=(32, 32), seed=s) for s in (1, 1, 2))
    np.testing.assert_array_equal(first.train.images, second.train.images)
    assert first.test.sources == second.test.sources
    assert not np.array_equal(first.train.images, other.train.images)


@pytest.mark.parametrize(
    "arguments",
    [
        {"name": "unheard-of"},
        {"name": None},
        {"name": "digits", "num_images": 5},
        {"name": "digits", "num_images": 1_000_000},
        {"name": "digits", "num_images": 60.5},
        {"name": "helmets", "image_size": (150,)},
        {"name": "helmets", "image_size": (0, 150)},
        {"name": "helmets", "image_size": "150"},
        {"name": "helmets", "seed": -1},
        {"name": "helmets", "num_images": 10_000, "image_size": (1024, 1024)},
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(arguments: dict[str, object]) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        tlcore.load_dataset(**arguments)
    assert "Received" in str(caught.value)


def test_preparing_images_does_not_import_tensorflow() -> None:
    code = (
        "import sys, tlcore; tlcore.load_dataset('helmets', num_images=12, image_size=(32, 32));"
        "import tlcore.datasets.inspection; sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
