"""Two processes want the same entry of the cache: one computes it, the other waits and tells how far that is."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import wait_until
from tlcore.features.forward import StoppedError
from tlcore.features.once import my_turn

OTHER = """
import sys
from tlcore.features.once import my_turn
with my_turn("entry", progress=None, should_stop=None) as turn:
    turn.progress(3, 7)
    print("computing", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def other(isolated_home: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that computes "entry" until it is told to end."""
    command, pipe = [sys.executable, "-c", OTHER], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "computing\n"
        yield process
        process.kill()


@pytest.mark.parametrize("killed", [False, True])
def test_one_computes_and_the_other_waits_with_its_progress(other: subprocess.Popen[str], killed: bool) -> None:
    told: list[tuple[int, int]] = []

    def look(done: int, total: int) -> None:
        told.append((done, total))
        if killed:
            other.kill()
        elif other.stdin is not None and not other.stdin.closed:
            other.stdin.close()

    with my_turn("entry", progress=look, should_stop=None) as turn:
        assert turn.waited
        assert told[0] == (3, 7)
        with my_turn("another", progress=None, should_stop=None) as at_once:
            assert not at_once.waited
    wait_until(lambda: other.poll() is not None, 60)


def test_who_waits_can_be_stopped(other: subprocess.Popen[str], isolated_home: Path) -> None:
    with pytest.raises(StoppedError), my_turn("entry", progress=None, should_stop=lambda: True):
        pass
    assert other.stdin is not None
    other.stdin.close()
    wait_until(lambda: other.poll() is not None, 60)
    assert list((isolated_home / "features-computing").iterdir()) == [], "nothing is left behind"
    with my_turn("entry", progress=None, should_stop=None) as turn:
        assert not turn.waited


def test_where_no_file_can_be_written_nobody_waits(isolated_home: Path) -> None:
    (isolated_home / "features-computing").write_text("in the way")
    with my_turn("entry", progress=None, should_stop=None) as turn:
        assert not turn.waited
