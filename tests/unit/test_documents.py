"""What the documents name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts import settings
from tlcore.engine.registry import list_tasks
from tlcore.settings import Settings

REPOSITORY = Path(__file__).resolve().parents[2]
ARCHITECTURE = (REPOSITORY / "docs" / "architecture.md").read_text("utf-8")
#: Paths from the repository's root, in back quotes or in a box of the diagram; "<page>" stands for every page.
PATHS = sorted(set(re.findall(r"[`\[](?P<path>(?:pages|tlcore|app)[\w/.]*(?:/|\.py))[`\]]", ARCHITECTURE)))


@pytest.mark.parametrize("path", PATHS)
def test_every_path_of_the_architecture_exists(path: str) -> None:
    found = REPOSITORY / path
    assert found.is_dir() if path.endswith("/") else found.is_file()


def test_every_room_of_the_library_is_described() -> None:
    rooms = {f"tlcore/{folder.parent.name}/" for folder in (REPOSITORY / "tlcore").glob("*/__init__.py")}
    described = set(re.findall(r"^\| `([^`]+)` \|", ARCHITECTURE, re.MULTILINE))
    assert rooms == described


def test_short_names_stand_beside_the_file_whose_folder_they_are_in() -> None:
    (paragraph,) = re.findall(r"`(tlcore/datasets/)importing\.py`:(.*?)\n3\.", ARCHITECTURE, re.DOTALL)
    names = re.findall(r"`(\w+\.py)`", paragraph[1])
    assert len(names) > 4
    assert [name for name in names if not (REPOSITORY / paragraph[0] / name).is_file()] == []


def test_tasks_that_the_architecture_names_exist() -> None:
    named = set(re.findall(r"task `(\w+)`", re.sub(r"\s+", " ", ARCHITECTURE)))
    assert {"import_dataset", "train", "predict"} <= named <= set(list_tasks())


def test_the_table_of_settings_is_that_of_the_settings() -> None:
    text = settings.DOCUMENT.read_text("utf-8")
    assert settings.filled(text) == text, "python -m scripts.settings writes it"
    assert text.count("| `TLCORE_") == len(Settings.model_fields)
