"""Data flows one way: no module imports one that imports it, at its head, inside a function or for its types."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
Graph = dict[str, set[str]]


def modules_of(root: Path) -> dict[str, Path]:
    """Dotted name -> file of all modules of the program."""
    files = [root / "app.py", *(root / "tlcore").rglob("*.py"), *(root / "pages").rglob("*.py")]
    return {".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): file for file in files}


def imports_in(name: str, file: Path, modules: Mapping[str, Path]) -> Iterator[str]:
    """Modules that one module imports, wherever in it the import stands."""
    package = name if file.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            origin = ".".join([*parts, *([node.module] if node.module else [])])
            for alias in node.names:
                member = f"{origin}.{alias.name}"
                yield member if member in modules else origin


def with_packages(name: str, imported: str) -> Iterator[str]:
    """A module and the packages around it, whose `__init__` runs first; not those that `name` is in itself."""
    parts = imported.split(".")
    for end in range(1, len(parts) + 1):
        package = ".".join(parts[:end])
        if package == imported or not f"{name}.".startswith(f"{package}."):
            yield package


def import_graph(root: Path) -> Graph:
    modules = modules_of(root)
    return {
        name: {
            package
            for imported in imports_in(name, file, modules)
            for package in with_packages(name, imported)
            if package in modules
        }
        for name, file in modules.items()
    }


def rooms_of(graph: Graph) -> Graph:
    """The same between the rooms of tlcore: `tlcore.models.head` is of `tlcore.models`."""
    rooms: Graph = {}
    for name, imported in graph.items():
        room = ".".join(name.split(".")[:2])
        if name.startswith("tlcore."):
            others = {".".join(other.split(".")[:2]) for other in imported if other.startswith("tlcore.")}
            rooms.setdefault(room, set()).update(others - {room})
    return rooms


def circle_in(graph: Graph) -> str:
    """The first circle as "a -> b -> a", or ""."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return " -> ".join(reversed(error.args[1]))
    return ""


def test_no_module_imports_itself_by_way_of_others() -> None:
    assert circle_in(import_graph(ROOT)) == ""


def test_no_room_of_tlcore_imports_itself_by_way_of_others() -> None:
    assert circle_in(rooms_of(import_graph(ROOT))) == ""


@pytest.mark.parametrize(
    "lazy",
    [
        "from . import b",
        "from .b import name",
        "def f():\n    from tlcore.b import name",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import tlcore.b",
    ],
)
def test_a_circle_is_named_however_it_is_hidden(tmp_path: Path, lazy: str) -> None:
    (tmp_path / "tlcore").mkdir()
    (tmp_path / "pages").mkdir()
    for file, text in {"tlcore/__init__": "", "tlcore/a": lazy, "tlcore/b": "from .a import x", "app": ""}.items():
        (tmp_path / f"{file}.py").write_text(text, "utf-8")
    assert circle_in(import_graph(tmp_path)) in ("tlcore.a -> tlcore.b -> tlcore.a", "tlcore.b -> tlcore.a -> tlcore.b")


def test_a_package_that_imports_an_importer_of_its_modules_is_a_circle(tmp_path: Path) -> None:
    for folder in ("tlcore/models", "tlcore/training", "pages"):
        (tmp_path / folder).mkdir(parents=True)
    files = {
        "app": "",
        "tlcore/__init__": "",
        "tlcore/models/__init__": "from .project import save",
        "tlcore/models/project": "from ..training import run",
        "tlcore/models/base": "",
        "tlcore/training/__init__": "",
        "tlcore/training/run": "from ..models.base import build_base",
    }
    for file, text in files.items():
        (tmp_path / f"{file}.py").write_text(text, "utf-8")
    assert "tlcore.models.project" in circle_in(import_graph(tmp_path))
