"""What is built for the browser: from what, and what is said where it cannot be."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from scripts import frontend


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    return Path(shutil.copytree(frontend.SOURCE, tmp_path / "frontend", ignore=shutil.ignore_patterns("node_modules")))


def test_the_folder_is_named_by_what_is_built(sources: Path) -> None:
    before = frontend.digest(sources)
    assert before == frontend.digest()
    (sources / "tests" / "more.test.ts").write_text("", "utf-8")
    assert frontend.digest(sources) == before
    (sources / "src" / "more.ts").write_text("", "utf-8")
    assert frontend.digest(sources) != before


def test_what_was_built_is_not_built_again(sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(frontend, "NODE_LOCK", tmp_path / "no such file")
    with pytest.raises(frontend.FrontendError):
        frontend.build(tmp_path / "built")
    (tmp_path / "built" / frontend.digest()).mkdir(parents=True)
    assert frontend.build(tmp_path / "built").is_dir()


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_without_tools_the_check_is_passed_over_but_in_ci(
    ci: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(frontend, "NODE_LOCK", tmp_path / "no such file")
    assert frontend.main(["check"]) == code
    assert frontend.main(["other"]) == 2


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((frontend.SOURCE / "package-lock.json").read_text("utf-8"))
    assert all("resolved" not in package for package in lock["packages"].values())
    assert all("integrity" in package for name, package in lock["packages"].items() if name)


def test_an_old_node_is_passed_by(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert frontend.find_node() is None
    for name, said in (("node", "v18.20.0"), ("npm", "")):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {said}\n", "utf-8")
        (tmp_path / name).chmod(0o755)
    assert frontend.find_node() is None
    (tmp_path / "node").write_text("#!/bin/sh\necho v20.1.0\n", "utf-8")
    found = frontend.find_node()
    assert found is not None
    assert Path(found[0]) == tmp_path / "node"
