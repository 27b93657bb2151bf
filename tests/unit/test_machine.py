"""What the program knows about the machine it runs on."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import tlcore
from tlcore.machine import python_command


def test_commands_name_the_python_of_the_lab_s_own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", str(Path(tlcore.__file__).parent.parent / ".venv"))
    monkeypatch.setattr(sys, "platform", "linux")
    assert python_command() == ".venv/bin/python"
    monkeypatch.setattr(sys, "platform", "win32")
    assert python_command() == r".venv\Scripts\python"
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    assert python_command() == "python"
