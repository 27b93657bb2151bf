"""The locked sets of packages fit the ranges they were made from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from scripts import audit, lock, newest

LOCK = """# made by a test
babel==2.19.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
numpy==2.4.6 ; python_full_version < '3.12' \\
    --hash=sha256:cc
numpy==2.5.5 ; python_full_version >= '3.12' \\
    --hash=sha256:dd
"""
TOOLS = "pytest==9.1.1 \\\n    --hash=sha256:ee\n"


@pytest.fixture
def locked_project(tmp_path: Path) -> Path:
    """A project with two packages, one tool, and locks that fit."""
    (tmp_path / "requirements.txt").write_text("babel>=2.18,<3\nnumpy>=2.1,<3  # a reason\n", "utf-8")
    (tmp_path / "requirements-store.txt").write_text("-r requirements.txt\n", "utf-8")
    (tmp_path / "requirements-store.lock").write_text(LOCK, "utf-8")
    (tmp_path / "requirements-dev.txt").write_text("-r requirements-store.txt\npytest>=9,<10\n", "utf-8")
    (tmp_path / "requirements.lock").write_text(LOCK, "utf-8")
    (tmp_path / "requirements-dev.lock").write_text(LOCK + TOOLS, "utf-8")
    return tmp_path


def test_without_a_network_nothing_is_audited_and_it_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    nowhere = "http://127.0.0.1:9"
    assert [audit.main(arguments, nowhere) for arguments in ([], ["--required"])] == [0, 1]
    assert capsys.readouterr().out.count("Skipped: the list of known weaknesses cannot be asked") == 2
    assert "requirements-dev.lock" in audit.command()


def test_locks_of_this_repository_fit() -> None:
    assert lock.check(lock.REPOSITORY) == []


@pytest.mark.parametrize("name", lock.LOCKS.values())
def test_locks_name_no_server_and_no_folder(name: str) -> None:
    text = (lock.REPOSITORY / name).read_text("utf-8")
    assert not re.search(
        r"https?:|file:|@|^-|[/\\](?!\n)", re.sub(r"python_\w+|--hash=sha256:[0-9a-f]{64}", "", text), re.M
    )


def test_fitting_locks_pass(locked_project: Path) -> None:
    assert lock.main(["--check"], locked_project) == 0


@pytest.mark.parametrize(
    ("file", "text", "fault"),
    [
        ("requirements.txt", "babel>=2.20,<3\n", "requirements.lock has babel 2.19.0: not babel<3,>=2.20"),
        ("requirements.txt", "numpy>=2.5,<3\n", "requirements.lock has numpy 2.4.6 and 2.5.5: not numpy<3,>=2.5"),
        ("requirements-dev.txt", "ruff>=1\n", "requirements-dev.lock has ruff not at all: not ruff>=1"),
        ("requirements-dev.lock", LOCK.replace("2.19.0", "2.18.0") + TOOLS, "The locks differ in babel"),
        ("requirements-dev.lock", LOCK + "pytest==9.1.1\n", "requirements-dev.lock has no checksum for pytest==9.1.1"),
    ],
)
def test_a_lock_that_does_not_fit_is_named(
    locked_project: Path, file: str, text: str, fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (locked_project / file).write_text(text, "utf-8")
    assert lock.main(["--check"], locked_project) == 1
    *faults, advice = capsys.readouterr().err.splitlines()
    assert fault in faults
    assert advice == "run: python -m scripts.lock"


def test_newer_versions_are_named() -> None:
    pins = [Requirement("babel==2.19.0"), Requirement("numpy==2.5.5 ; python_version > '3'")]
    pins.append(Requirement("numpy==1.0 ; python_version < '3'"))
    versions = {"babel": "2.20.0", "numpy": "2.5.5", "brand-new": "1.0"}
    assert newest.differences(pins, versions) == ["babel 2.20.0 (locked: 2.19.0)", "brand-new 1.0 (not in the lock)"]


def test_contributing_says_what_each_requirement_is_for() -> None:
    rows = (lock.REPOSITORY / "CONTRIBUTING.md").read_text("utf-8").partition("## Why each dependency")[2].splitlines()
    explained = {name.strip() for row in rows if row.startswith("| ") for name in row.split("|")[1].split(",")}
    required = {requirement.name for requirement in lock.ranges(lock.REPOSITORY / "requirements-dev.txt")}
    assert required <= explained
