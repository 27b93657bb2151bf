"""The code of the documents runs: README's, and the examples of docstrings, on tiny data."""

from __future__ import annotations

import ast
import doctest
import re
import shutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import tlcore
from tests.unit.shown_code import run_code

REPOSITORY = Path(tlcore.__file__).parents[1]


def documented() -> Iterator[tuple[str, str, str]]:
    """Module, name and docstring of everything in tlcore whose docstring has an example."""
    for path in sorted((REPOSITORY / "tlcore").rglob("*.py")):
        module = ".".join(path.relative_to(REPOSITORY).with_suffix("").parts).removesuffix(".__init__")
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and ">>>" in (ast.get_docstring(node) or ""):
                yield module, node.name, ast.get_docstring(node) or ""


EXAMPLES = list(documented())


@pytest.fixture(scope="module")
def things() -> dict[str, Any]:
    """What the examples take as given: images, a base, a run, a photograph."""
    data = tlcore.load_dataset("helmets", num_images=20, image_size=(64, 64))
    spec = tlcore.TrainingSpec(base="VGG16Slim", weights="embedded", head=(8,), epochs=1)
    return {
        **{name: getattr(tlcore, name) for name in tlcore.__all__},
        "np": np,
        "numbers": np.arange(3),
        "data": data,
        "base": tlcore.build_base("VGG16Slim", input_shape=(64, 64, 3), weights="embedded"),
        "run": tlcore.train(spec, data=data),
        "photograph": data.test.images[0],
    }


@pytest.fixture
def folder(tmp_path: Path, image_zip: Path, things: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the examples read; what they write stays in it."""
    folder = tmp_path / "work"
    folder.mkdir()
    shutil.copy(image_zip, folder / "photos.zip")
    Image.fromarray(things["photograph"]).save(folder / "photo.jpg")
    tlcore.save_project(things["run"], folder / "project.zip")
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("module", "name", "docstring"), EXAMPLES, ids=[f"{where}.{name}" for where, name, _ in EXAMPLES]
)
def test_examples_of_docstrings_give_what_they_say(
    module: str, name: str, docstring: str, things: dict[str, Any]
) -> None:
    names = {**things, **vars(import_module(module))}
    example = doctest.DocTestParser().get_doctest(docstring, names, f"{module}.{name}", None, None)
    said: list[str] = []
    results = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS, verbose=False).run(example, out=said.append)
    assert results.attempted
    assert not results.failed, "".join(said)


def test_the_code_of_the_readme_runs_and_prints_what_it_says() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", (REPOSITORY / "README.md").read_text("utf-8"), re.DOTALL)
    small = re.sub(r"num_images=\d+", "num_images=20", re.sub(r"epochs=\d+", "epochs=1", code))
    _, printed = run_code(small)
    said = re.search(r"print\(.*\)  # (\d+)", code)
    assert said is not None
    assert printed.splitlines()[0] == said[1]
