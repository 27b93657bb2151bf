"""`pip install .` brings everything: a wheel is built, installed into an environment of its own, and used there."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml

import tlcore
from tests.conftest import REPOSITORY
from tlcore.__main__ import NAMES, main, overview
from tlcore.translations import catalog_folder, language_of_machine, list_languages, translations_of

BUILT_FROM = ("LICENSE", "README.md", "locales", "pyproject.toml", "requirements.txt", "setup.py", "tlcore")
#: What is tried with the installed package, as one process: each of its kinds of data is read.
USE = """
import json, pathlib, sys
import tlcore
from tlcore.__main__ import main
from tlcore.experiments.board import board
from tlcore.weights.model_cards import model_card

main(["--lang", "pt-BR"])
light = "tensorflow" not in sys.modules
data = tlcore.load_dataset("helmets", num_images=6, image_size=(64, 64))
base = tlcore.build_base("VGG16Slim", input_shape=(64, 64, 3), weights="embedded", include_top=True)
print(json.dumps({
    "file": str(pathlib.Path(tlcore.__file__)),
    "light": light,
    "parameters": tlcore.describe("VGG16").total_params,
    "verdict": next(cell.verdict for row in board(["helmets"]) for cell in row if cell.experiment == "same_result"),
    "card": model_card("VGG16Slim", "pt_BR")[:40],
    "likeliest": tlcore.predict(base, data.test.images[0], top=1)[0].class_name,
}))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, so that nothing is left in the repository."""
    tree, out = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("wheel")
    for name in BUILT_FROM:
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=shutil.ignore_patterns("__pycache__", "*.lock"))
        else:
            shutil.copy(source, tree / name)
    code = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
    command = [sys.executable, "-c", code, str(out)]
    done = subprocess.run(command, cwd=tree, check=True, capture_output=True, text=True, encoding="utf-8")
    assert "absent from the `packages`" not in done.stdout + done.stderr
    (path,) = out.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed_python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a new environment that has the wheel, and its dependencies from the one that runs the tests."""
    folder = tmp_path_factory.mktemp("environment")
    uv = [sys.executable, "-m", "uv", "--offline", "--quiet"]
    subprocess.run([*uv, "venv", "--python", sys.executable, str(folder)], check=True)
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    subprocess.run([*uv, "pip", "install", "--no-deps", "--python", str(python), str(wheel)], check=True)
    (site_packages,) = {path.parent for path in folder.rglob("tlcore") if path.is_dir()}
    (site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    return python


def test_the_wheel_has_every_file_of_the_package_and_every_catalog(wheel: Path) -> None:
    packed = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    files = [path for path in (REPOSITORY / "tlcore").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    wanted = {path.relative_to(REPOSITORY).as_posix() for path in files}
    wanted |= {f"tlcore/{path.relative_to(REPOSITORY).as_posix()}" for path in catalog_folder().rglob("*.po")}
    assert len(wanted) > 200
    assert packed == wanted


def test_the_installed_package_works_by_itself(installed_python: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [installed_python, "-c", USE], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=True
    )
    *overview_lines, last = done.stdout.splitlines()
    used = json.loads(last)
    assert Path(used["file"]).is_relative_to(installed_python.parents[1])
    assert used["light"], "saying what it can do loaded tensorflow"
    assert "Nesta máquina:" in overview_lines
    assert used["parameters"] == 138_357_544
    assert used["verdict"] == "holds"
    assert used["card"].startswith("**O que é.**")
    assert used["likeliest"]


def test_whoever_cites_it_cites_this_version() -> None:
    citation = yaml.safe_load((REPOSITORY / "CITATION.cff").read_text("utf-8"))
    assert citation["version"] == tlcore.__version__
    assert citation["license"] == "MIT"
    assert {"cff-version", "message", "title", "authors"} <= set(citation)


def test_the_overview_names_everything_that_is_public() -> None:
    assert sorted(NAMES) == tlcore.__all__
    assert all(f"tlcore.{name} " in overview() for name in tlcore.__all__)


def test_the_overview_speaks_every_language(capsys: pytest.CaptureFixture[str]) -> None:
    for language in list_languages():
        assert main(["--lang", language]) == 0
        said = translations_of(language).gettext("On this machine:")
        assert said in capsys.readouterr().out


def test_the_language_is_that_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    for wanted, language in (("pt_BR.UTF-8", "pt-BR"), ("pt_PT.UTF-8", "pt-BR"), ("C", "en"), ("fi_FI", "en")):
        monkeypatch.setenv("LANG", wanted)
        assert language_of_machine() == language
