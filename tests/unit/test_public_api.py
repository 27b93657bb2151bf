"""The contract of the package: its names, how they are documented, and what importing it must not bring along."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import tlcore

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCES = sorted((REPOSITORY / "tlcore").rglob("*.py"))
HEAVY = ("tensorflow", "keras", "numpy", "sklearn", "distributed", "streamlit")
NAMES = [
    "TrainingSpec",
    "TransferLearningError",
    "build_base",
    "describe",
    "export_model",
    "export_notebook",
    "extract_features",
    "grad_cam",
    "import_dataset",
    "list_architectures",
    "list_datasets",
    "load_dataset",
    "load_project",
    "predict",
    "save_project",
    "train",
]


def modules_after(code: str) -> set[str]:
    """Which of `HEAVY` a new process has loaded after running `code`."""
    code += f"\nimport sys; print(*set({HEAVY}) & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_names_are_the_contract() -> None:
    assert tlcore.__all__ == NAMES
    assert dir(tlcore) == NAMES
    for name in NAMES:
        assert getattr(tlcore, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'utils'"):
        _ = tlcore.utils


def test_type_checkers_see_the_same_names() -> None:
    tree = ast.parse((REPOSITORY / "tlcore" / "__init__.py").read_text("utf-8"))
    shown = {
        alias.asname: (node.module, alias.name)
        for block in tree.body
        if isinstance(block, ast.If)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert shown == {name: (home, name) for name, home in tlcore._HOMES.items()}


@pytest.mark.parametrize("name", [name for name in NAMES if inspect.isfunction(getattr(tlcore, name))])
def test_every_function_says_what_it_takes_gives_and_refuses(name: str) -> None:
    function = getattr(tlcore, name)
    text = inspect.getdoc(function) or ""
    parameters = inspect.signature(function).parameters
    wanted = {"Example:"} | ({"Args:", "Returns:", "Raises:"} if parameters else set())
    assert {section for section in wanted if section not in text} == set()
    assert [parameter for parameter in parameters if f"{parameter}:" not in text] == []


def test_importing_it_brings_nothing_heavy_along() -> None:
    assert modules_after("import tlcore; tlcore.__all__") == set()


def test_the_engine_imports_its_tasks_when_one_is_asked_for() -> None:
    code = (
        "import sys, tlcore.engine\n"
        "asked = lambda: 'tlcore.engine.tasks.training' in sys.modules\n"
        "print(asked(), tlcore.engine.find_task('train').kind, asked())"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "training", "True"]


def test_what_pages_import_brings_no_tensorflow_along() -> None:
    code = (
        "import importlib, pkgutil, pages.ui\n"
        "for module in pkgutil.walk_packages(pages.ui.__path__, 'pages.ui.'):\n"
        "    importlib.import_module(module.name)\n"
        "from tlcore.engine import get_engine"
    )
    assert not modules_after(code) & {"tensorflow", "keras"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_a_module_is_short_asserts_nothing_and_knows_no_page(path: Path) -> None:
    text = path.read_text("utf-8")
    nodes = list(ast.walk(ast.parse(text)))
    imported = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    assert not {name for name in imported if name.split(".")[0] in ("streamlit", "pages")}
    assert not [node.lineno for node in nodes if isinstance(node, ast.Assert)], "errors are TransferLearningErrors"
    assert len(text.splitlines()) < 300
