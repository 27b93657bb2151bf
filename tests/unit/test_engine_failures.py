"""What is said of what breaks: a sentence for each kind, without classes and without the server's folders."""

from __future__ import annotations

import errno
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tlcore.engine.failures import explain, failure_of, start_failure
from tlcore.errors import DatasetError, JobFailedError, ProjectError, StorageError, WorkerLostError
from tlcore.files import write_atomically

JOB = "0123456789abcdef"


def test_a_full_disk_is_said_as_one(tmp_path: Path, full_disk: Callable[[], AbstractContextManager[None]]) -> None:
    with full_disk(), pytest.raises(OSError, match="too large") as caught:
        write_atomically(tmp_path / "features.npy", bytes(10_000))
    said = failure_of(caught.value, JOB)
    assert isinstance(said, StorageError)
    assert "disk of this lab is full" in str(said)
    wrapped = ProjectError("Expected to write {path}.", path="/somewhere")
    wrapped.__cause__ = caught.value
    assert str(failure_of(wrapped, JOB)) == str(said), "also where the library has a sentence of its own for it"


def test_a_broken_home_is_said_without_its_path(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file in the way")
    with pytest.raises(OSError, match="home") as caught:
        write_atomically(tmp_path / "home" / "owners" / "item.json", "{}")
    for said in (failure_of(caught.value, JOB), start_failure(caught.value)):
        assert "TLCORE_HOME" in str(said)
        assert str(tmp_path) not in str(said)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (FileNotFoundError(errno.ENOENT, "No such file", "/srv/x"), "is gone"),
        (OSError(errno.EIO, "Input/output error", "/srv/x"), "could not be read or written"),
        (MemoryError(), "more memory"),
        (KeyError("secret"), "the number 01234567"),
    ],
)
def test_each_kind_has_its_words(error: Exception, words: str) -> None:
    said = str(failure_of(error, JOB))
    assert words in said
    for foreign in ("Error", "Errno", "/srv", "secret"):
        assert foreign not in said


def test_an_error_of_the_library_loses_only_the_servers_folders(isolated_home: Path) -> None:
    stored = isolated_home / "owners" / "0af3" / "runs" / "project.zip"
    said = failure_of(
        DatasetError("{file} and/or {other} of {count}.", file=str(stored), other="red/1.png", count=3), JOB
    )
    assert str(said) == "project.zip and/or red/1.png of 3."


def test_a_lost_worker_and_a_lost_cluster_are_told_from_what_a_job_did_wrong() -> None:
    from distributed import KilledWorker
    from distributed.client import FutureCancelledError

    for error in (KilledWorker.__new__(KilledWorker), FutureCancelledError("job", "lost")):
        said = explain(error)
        assert isinstance(said, WorkerLostError)
        assert "Error" not in str(said)
    assert not isinstance(failure_of(KeyError("x"), JOB), WorkerLostError)
    assert isinstance(failure_of(KeyError("x"), JOB), JobFailedError)
