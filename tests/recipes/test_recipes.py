"""Who follows a recipe of CONTRIBUTING.md to the letter gets what it promises."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.recipes.reading import recipes

RECIPES = recipes((REPOSITORY / "CONTRIBUTING.md").read_text("utf-8"))
PARTS = ("app.py", "locales", "pages", "scripts", "tlcore")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what the program consists of."""
    for name in PARTS:
        source, target = REPOSITORY / name, tmp_path / "tree" / name
        target.parent.mkdir(exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.lock"))
        else:
            shutil.copy(source, target)
    return tmp_path / "tree"


def test_there_is_a_recipe_for_each_thing_that_the_program_has_several_of() -> None:
    assert list(RECIPES) == [
        "A network",
        "A dataset",
        "A training method",
        "An experiment",
        "A task of the engine",
        "A page",
        "A language",
    ]


@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_that_is_followed_works(title: str, tree: Path) -> None:
    *steps, check = RECIPES[title]
    for step in steps:
        step.follow(tree)
    promised = re.search(r"[Nn]ow this prints `(.+)`$", check.line)
    assert promised, check.line
    assert check.follow(tree).strip() == promised[1]
