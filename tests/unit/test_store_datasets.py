"""Ready-made datasets on disk: drawn once, and drawn anew by other code."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import tlcore
from tlcore.store.datasets import ready_dataset

DRAW = """
from tlcore.store.datasets import ready_dataset
print(ready_dataset("helmets", num_images=20, image_size=(32, 32), seed=0).train.images.mean())
"""
DARKER = """
_draw_worker = draw_worker
def draw_worker(*arguments):
    return _draw_worker(*arguments) // 2
"""


@pytest.fixture
def copied_program(tmp_path: Path) -> Path:
    """A folder with a copy of the package, whose source a test may change."""
    source = Path(tlcore.__file__).parent
    shutil.copytree(source, tmp_path / "tlcore", ignore=shutil.ignore_patterns("__pycache__", "*.gz", "*.safetensors"))
    return tmp_path


def draw(folder: Path) -> float:
    """Mean of the images that the program in `folder` draws or remembers."""
    environment = {**os.environ, "TLCORE_HOME": str(folder / "home"), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", DRAW]
    return float(subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True).stdout)


def test_a_set_is_drawn_again_after_its_source_changed(copied_program: Path) -> None:
    first = draw(copied_program)
    assert draw(copied_program) == first
    assert len(list((copied_program / "home" / "datasets").iterdir())) == 1
    with (copied_program / "tlcore" / "datasets" / "helmets" / "__init__.py").open("a", encoding="utf-8") as file:
        file.write(DARKER)
    assert draw(copied_program) == pytest.approx(first / 2, abs=1)
    assert len(list((copied_program / "home" / "datasets").iterdir())) == 2


def test_a_full_disk_costs_the_remembering_not_the_images(isolated_home: Path, full_disk: Any) -> None:
    with full_disk():
        dataset = ready_dataset("digits", num_images=60, image_size=(32, 32), seed=0)
    assert sum(map(len, dataset.splits.values())) == 60
    assert list((isolated_home / "datasets").iterdir()) == []
