"""What a session keeps on disk: within reach of that session only, for a while, up to a size."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tlcore.errors import InvalidArgumentError
from tlcore.settings import Settings
from tlcore.store import OwnerStore, expire, new_owner, quotas


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", max_upload_bytes=100, owner_quota_bytes=1000, expiry_s=3600)


@pytest.fixture
def store(settings: Settings) -> OwnerStore:
    return OwnerStore(new_owner(), settings)


def test_keeps_and_finds_again(store: OwnerStore) -> None:
    item_id = store.add("uploads", b"abc", name="../../férias na praia.zip", details={"classes": 2})
    item = store.item("uploads", item_id)
    assert store.path("uploads", item_id).read_bytes() == b"abc"
    assert (item.name, item.details) == ("../../férias na praia.zip", {"classes": 2})
    assert [found.item_id for found in store.items("uploads")] == [item_id]
    assert store.items("runs") == []


def test_another_session_reaches_nothing(store: OwnerStore, settings: Settings) -> None:
    item_id = store.add("uploads", b"abc", name="a")
    other = OwnerStore(new_owner(), settings)
    assert other.items("uploads") == []
    for reach in (other.path, other.item, other.delete):
        with pytest.raises(InvalidArgumentError, match="was not found"):
            reach("uploads", item_id)
    assert store.path("uploads", item_id).is_file()


@pytest.mark.parametrize("owner", ["", "short", "../" * 8, "a" * 129, "token with spaces!", None])
def test_refuses_what_is_no_token(owner: object, settings: Settings) -> None:
    with pytest.raises(InvalidArgumentError, match="token of a session"):
        OwnerStore(owner, settings)  # type: ignore[arg-type]


@pytest.mark.parametrize("item_id", ["", ".", "..", "../../x", "a" * 32 + "/..", "A" * 32])
def test_refuses_what_is_no_item(item_id: str, store: OwnerStore) -> None:
    store.add("uploads", b"abc", name="a")
    with pytest.raises(InvalidArgumentError, match="was not found"):
        store.path("uploads", item_id)


@pytest.mark.parametrize("file", ["", "..", "../item.json", "/etc/passwd", "a/b"])
def test_refuses_what_is_no_file_name(file: str, store: OwnerStore) -> None:
    item_id = store.add("uploads", b"abc", name="a")
    with pytest.raises(InvalidArgumentError, match="plain file name"):
        store.path("uploads", item_id, file)


def test_a_file_is_handed_over_without_its_path(store: OwnerStore) -> None:
    item_id = store.add("uploads", b"abc", name="a.zip")
    file = store.file("uploads", item_id)
    assert (file.name, file.num_bytes, file.read()) == ("content", 3, b"abc")
    with pytest.raises(InvalidArgumentError, match="file that is kept"):
        store.file("uploads", item_id, "other.zip")


def test_refuses_unknown_kinds(store: OwnerStore) -> None:
    with pytest.raises(InvalidArgumentError, match="Expected `kind`"):
        store.items("../..")  # type: ignore[arg-type]


def test_too_large_and_quota(store: OwnerStore) -> None:
    with pytest.raises(InvalidArgumentError, match="file of at most"):
        store.add("uploads", bytes(101), name="large")
    while store.used_bytes() + 100 <= 1000:
        store.add("uploads", bytes(100), name="a")
    with pytest.raises(InvalidArgumentError, match="at most 0 MB"):
        store.add("uploads", bytes(100), name="one too many")


def test_draft_appears_whole_or_not_at_all(store: OwnerStore) -> None:
    with pytest.raises(FileNotFoundError), store.draft("runs", name="run") as draft:
        (draft.folder / "no such folder" / "project.zip").write_bytes(b"half")
    assert store.items("runs") == []
    assert store.used_bytes() == 0
    with store.draft("runs", name="run") as draft:
        (draft.folder / "project.zip").write_bytes(b"whole")
        draft.details["accuracy"] = 0.9
    assert store.item("runs", draft.item_id).details == {"accuracy": 0.9}
    assert store.path("runs", draft.item_id, "project.zip").read_bytes() == b"whole"


def test_numbers_stay_when_older_items_are_deleted(store: OwnerStore) -> None:
    for name in "ab":
        store.add("uploads", b"1", name=name)
    newer, older = store.items("uploads")
    assert (older.number, newer.number) == (1, 2)
    store.delete("uploads", older.item_id)
    store.add("uploads", b"1", name="c")
    assert sorted((item.name, item.number) for item in store.items("uploads")) == [("b", 2), ("c", 3)]


def test_what_vanishes_while_expiry_looks_at_it_is_no_fault(
    store: OwnerStore, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add("uploads", b"abc", name="a")
    listed = Path.glob

    def with_a_finished_draft(folder: Path, pattern: str) -> list[Path]:
        gone = [folder / "unfinished-0"] if pattern.startswith("unfinished") else []
        return [*gone, *listed(folder, pattern)]

    monkeypatch.setattr(Path, "glob", with_a_finished_draft)
    assert len(expire(settings, now_s=time.time() + 3700)) == 1


def test_unused_items_expire_and_used_ones_stay(store: OwnerStore, settings: Settings) -> None:
    item_id = store.add("uploads", b"abc", name="a")
    (description,) = settings.home.rglob("item.json")
    os.utime(description, (time.time() - 3000,) * 2)
    store.item("uploads", item_id)
    assert expire(settings, now_s=time.time() + 3500) == [], "used a moment ago"
    os.utime(description, (time.time() - 3000,) * 2)
    store.items("uploads")
    assert len(expire(settings, now_s=time.time() + 700)) == 1, "only listed since"
    with pytest.raises(InvalidArgumentError, match="was not found"):
        store.item("uploads", item_id)


def test_an_interrupted_run_stays_until_the_next_lesson(store: OwnerStore, settings: Settings) -> None:
    for kind in ("runs", "unfinished"):
        with store.draft(kind, name="my run"):  # type: ignore[arg-type]
            pass
    (gone,) = expire(settings, now_s=time.time() + 1.5 * settings.expiry_s)
    assert gone.parent.name == "runs"
    assert len(expire(settings, now_s=time.time() + 3.5 * settings.expiry_s)) == 1


def test_tokens_are_not_on_the_disk(settings: Settings) -> None:
    owner = new_owner()
    OwnerStore(owner, settings).add("uploads", b"abc", name="a")
    assert not any(owner in str(path) for path in settings.home.rglob("*"))


def test_all_sessions_together_have_a_quota(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, server_quota_bytes=1000)
    ana, bia = (OwnerStore(new_owner(), settings) for _ in range(2))
    ana.add("uploads", b"x" * 800, name="a")
    quotas._bytes_of_all.cache_clear()  # counted once a minute
    with pytest.raises(InvalidArgumentError, match="all sessions of this lab"):
        bia.add("uploads", b"x" * 300, name="b")
    bia.add("uploads", b"x" * 10, name="b")


def test_strangers_get_smaller_quotas_unless_somebody_sets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = Settings()
    monkeypatch.setenv("TLCORE_HOSTED", "1")
    monkeypatch.setenv("TLCORE_MAX_ARCHIVE_ENTRIES", "3000")
    hosted = Settings()
    names = ["max_upload_bytes", "max_upload_pixels", "max_archive_bytes", "owner_quota_bytes", "jobs_per_owner"]
    names += ["max_epochs", "max_job_s", "owner_job_s", "owner_images", "server_quota_bytes"]
    for name in names:
        assert getattr(hosted, name) < getattr(usual, name)
    assert hosted.max_archive_entries == 3000
    with pytest.raises(InvalidArgumentError, match="at most 50 MB"):
        OwnerStore(new_owner(), hosted).add("uploads", bytes(51 * 1024**2), name="photos.zip")
