"""The set-up of a bare machine: which Pythons, when it installs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scripts import lab


@pytest.fixture
def empty_project(tmp_path: Path) -> Path:
    (tmp_path / "requirements.txt").write_text("# nothing\n", "utf-8")
    (tmp_path / "requirements-dev.txt").write_text("-r requirements.txt\n", "utf-8")
    return tmp_path


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 7), (3, 13, 1)])
def test_supported_python(version: tuple[int, ...]) -> None:
    lab.check_version(version)


@pytest.mark.parametrize("version", [(3, 10, 14), (3, 14, 0), (2, 7, 18)])
def test_other_python_gets_a_sentence(version: tuple[int, ...]) -> None:
    with pytest.raises(lab.SetupError, match=rf"3\.11, 3\.12 or 3\.13, and was started with Python {version[0]}\."):
        lab.check_version(version)


def test_needs_only_the_standard_library() -> None:
    command = [sys.executable, "-I", "-S", lab.__file__, "nonsense"]
    assert subprocess.run(command, capture_output=True).returncode == 2


def test_installs_once_until_the_requirements_change(empty_project: Path) -> None:
    python = lab.make_environment(empty_project)
    assert lab.works(python)
    assert lab.install(empty_project, python, "requirements-dev.txt")
    assert not lab.install(empty_project, python, "requirements-dev.txt")
    (empty_project / "requirements.txt").write_text("# changed\n", "utf-8")
    assert lab.install(empty_project, python, "requirements-dev.txt")


def test_broken_environment_is_made_anew(empty_project: Path) -> None:
    python = lab.environment_python(empty_project)
    python.parent.mkdir(parents=True)
    python.write_text("not a Python", "utf-8")
    assert lab.works(lab.make_environment(empty_project))


def test_failed_installation_says_what_to_do(empty_project: Path) -> None:
    (empty_project / "requirements.txt").write_text("./there-is-no-such-folder\n", "utf-8")
    with pytest.raises(lab.SetupError, match="run the same command again"):
        lab.install(empty_project, Path(sys.executable), "requirements.txt")
