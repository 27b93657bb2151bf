"""The set-up of a bare machine: which Pythons, when it installs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scripts import lab


@pytest.fixture
def empty_project(tmp_path: Path) -> Path:
    (tmp_path / "requirements.lock").write_text("# nothing\n", "utf-8")
    return tmp_path


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 7), (3, 13, 1)])
def test_supported_python(version: tuple[int, ...]) -> None:
    lab.check_version(version)


@pytest.mark.parametrize("version", [(3, 10, 14), (3, 14, 0), (2, 7, 18)])
def test_other_python_gets_a_sentence(version: tuple[int, ...]) -> None:
    with pytest.raises(lab.SetupError, match=rf"3\.11, 3\.12 or 3\.13, and was started with Python {version[0]}\."):
        lab.check_version(version)


@pytest.mark.parametrize(("system", "processor"), [("darwin", "arm64"), ("linux", "x86_64"), ("win32", "AMD64")])
def test_supported_machine(system: str, processor: str) -> None:
    lab.check_machine(system, processor)


def test_intel_mac_gets_a_sentence() -> None:
    with pytest.raises(lab.SetupError, match="Apple silicon"):
        lab.check_machine("darwin", "x86_64")


def test_needs_only_the_standard_library() -> None:
    command = [sys.executable, "-I", "-S", lab.__file__, "nonsense"]
    assert subprocess.run(command, capture_output=True).returncode == 2


def test_a_broken_environment_is_made_anew_and_installed_into_until_the_lock_changes(empty_project: Path) -> None:
    python = lab.environment_python(empty_project)
    assert not lab.works(python)
    python.parent.mkdir(parents=True)
    python.write_text("not a Python", "utf-8")
    assert not lab.works(python)
    assert lab.make_environment(empty_project) == python
    assert lab.works(python)
    assert lab.install(empty_project, python, "requirements.lock")
    assert not lab.install(empty_project, python, "requirements.lock")
    (empty_project / "requirements.lock").write_text("# changed\n", "utf-8")
    assert lab.install(empty_project, python, "requirements.lock")


def test_failed_installation_says_what_to_do(empty_project: Path) -> None:
    (empty_project / "requirements.lock").write_text("./there-is-no-such-folder\n", "utf-8")
    with pytest.raises(lab.SetupError, match="run the same command again"):
        lab.install(empty_project, Path(sys.executable), "requirements.lock")


def test_refuses_what_has_no_checksum(empty_project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (empty_project / "package").mkdir()
    (empty_project / "package" / "setup.py").write_text("raise SystemExit('must not run')\n", "utf-8")
    (empty_project / "requirements.lock").write_text(f"{(empty_project / 'package').as_posix()}\n", "utf-8")
    with pytest.raises(lab.SetupError):
        lab.install(empty_project, Path(sys.executable), "requirements.lock")
    told = capfd.readouterr().err
    assert "hash" in told
    assert "must not run" not in told
