"""What the program knows about the machine it runs on."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import tlcore
from tlcore import machine
from tlcore.machine import memory_bytes, python_command


def test_commands_name_the_python_of_the_lab_s_own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", str(Path(tlcore.__file__).parent.parent / ".venv"))
    monkeypatch.setattr(sys, "platform", "linux")
    assert python_command() == ".venv/bin/python"
    monkeypatch.setattr(sys, "platform", "win32")
    assert python_command() == r".venv\Scripts\python"
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    assert python_command() == "python"


def test_memory_is_that_of_the_container_where_it_has_less(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    limit, none = tmp_path / "memory.max", tmp_path / "unlimited"
    limit.write_text("3000000000\n")
    none.write_text("max\n")
    monkeypatch.setattr(machine, "_CONTAINER_FILES", (none, tmp_path / "not there"))
    whole = memory_bytes.__wrapped__()
    monkeypatch.setattr(machine, "_CONTAINER_FILES", (none, limit))
    assert memory_bytes.__wrapped__() == min(whole, 3_000_000_000)
