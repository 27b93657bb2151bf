"""Who follows the recipes of CONTRIBUTING.md to the letter gets what each promises."""

from __future__ import annotations

import re
import shutil

import pytest

from tests.conftest import REPOSITORY
from tests.recipes.reading import Step, recipes, run_each

RECIPES = recipes((REPOSITORY / "CONTRIBUTING.md").read_text("utf-8"))
pytestmark = pytest.mark.xdist_group("recipes")  # they share a copy of the program
PARTS = ("app.py", "locales", "pages", "scripts", "tlcore")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the last code of each recipe prints, by title, where all of them were followed one after the other.

    In one copy of the program, and one process: importing tensorflow for each would take a minute.
    """
    tree = tmp_path_factory.mktemp("recipes") / "tree"
    for name in PARTS:
        source, target = REPOSITORY / name, tree / name
        target.parent.mkdir(exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.lock"))
        else:
            shutil.copy(source, target)
    for steps in RECIPES.values():
        for step in steps[:-1]:
            step.follow(tree)
    return run_each({title: steps[-1].code for title, steps in RECIPES.items()}, tree)


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


@pytest.mark.parametrize(("title", "steps"), RECIPES.items(), ids=RECIPES)
def test_a_recipe_that_is_followed_works(title: str, steps: list[Step], printed: dict[str, str]) -> None:
    promised = re.search(r"[Nn]ow this prints `(.+)`$", steps[-1].line)
    assert promised, steps[-1].line
    assert printed[title] == promised[1]


def names_made(steps: list[Step]) -> set[str]:
    """The modules that a recipe makes."""
    made = [step.new_file for step in steps if step.new_file is not None]
    return {path.stem for path in made if path.suffix == ".py" and path.stem != "__init__"}


def test_no_recipe_needs_what_another_one_makes() -> None:
    for title, steps in RECIPES.items():
        others = set().union(*(names_made(made) for other, made in RECIPES.items() if other != title))
        imports = " ".join(re.findall(r"^(?:from|import) .*", "\n".join(step.code for step in steps), re.MULTILINE))
        assert len(others) >= 4
        assert others & set(re.findall(r"\w+", imports)) == set(), title
