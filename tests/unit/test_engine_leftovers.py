"""What a server that was killed in the middle of its work leaves, and what its next start leaves of that."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tlcore.engine.leftovers import tidy_up
from tlcore.settings import Settings
from tlcore.store import OwnerStore
from tlcore.store.lifetimes import UNFINISHED_EXPIRY_S

OWNER = "0123456789abcdef"
SERVER = f"""
import sys, tempfile
from pathlib import Path
from tlcore.engine.leftovers import tidy_up
from tlcore.files import atomic_path
from tlcore.settings import Settings
from tlcore.store import OwnerStore
settings = Settings(home=Path(sys.argv[1]))
scratch = tidy_up(settings)
store = OwnerStore({OWNER!r}, settings)
store.add("uploads", b"photos", name="photos.zip")
kept = store.add("runs", b"weights", name="a run")
file = tempfile.NamedTemporaryFile(delete=False)
with store.draft("datasets", name="half") as draft, atomic_path(settings.home / "features" / "a") as half:
    (draft.folder / "train_images.npy").write_bytes(b"half of the photos")
    half.write_bytes(b"half of the features")
    print(kept, flush=True)
    sys.stdin.read()
"""


def files_in(home: Path) -> list[str]:
    """Names of all files but those of the locks."""
    return sorted(path.name for path in home.rglob("*") if path.is_file() and path.suffix != ".lock")


def test_nothing_temporary_outlives_the_next_start_of_a_killed_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", None)
    settings = Settings(home=tmp_path)
    command = [sys.executable, "-c", SERVER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        kept = server.stdout.readline().strip()
        before = files_in(tmp_path)
        tidy_up(settings).close()
        assert files_in(tmp_path) == before, "a living server keeps what it is writing"
        server.kill()
    assert len(before) == 9
    tidy_up(settings).close()
    assert files_in(tmp_path) == ["content", "guard", "item.json", "last_expiry"]
    store = OwnerStore(OWNER, settings)
    assert [item.item_id for item in store.items("runs")] == [kept]
    assert store.items("uploads") == []


def test_beside_others_what_is_older_than_an_hour_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", None)
    settings = Settings(home=tmp_path)
    first = tidy_up(settings)
    drafts = [tmp_path / ".old.json.0123.tmp", tmp_path / ".new.json.4567.tmp"]
    for draft in drafts:
        draft.write_text("half")
    os.utime(drafts[0], (time.time(), time.time() - UNFINISHED_EXPIRY_S - 1))
    tidy_up(settings).close()
    first.close()
    assert [draft.exists() for draft in drafts] == [False, True]
