"""Homes that share no disk, only a store: what one process keeps, the others find, and nothing is lost on the way."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from tlcore.classroom import ClassPlan, ClassStore
from tlcore.errors import InvalidArgumentError, StorageError
from tlcore.experiments.measuring.cache import keep, recall
from tlcore.features.cache import Computation, load_entry, store_entry
from tlcore.mirror import get_mirror, lease
from tlcore.mirror import remote as store_end
from tlcore.settings import Settings, get_settings
from tlcore.store import OwnerStore, expire, new_owner
from tlcore.store.datasets import is_ready, ready_dataset
from tlcore.store.lesson import change_progress, read_progress
from tlcore.store.own_sets import is_own_set, own_set_name, own_set_path
from tlcore.store.recordings import Recording

OWNER = new_owner()


@pytest.fixture(autouse=True)
def listed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits until a listing is old, or a store may be asked again."""
    monkeypatch.setattr("tlcore.mirror.mirror.LISTED_FOR_S", 0.0)
    monkeypatch.setattr(store_end, "SILENT_FOR_S", 0.0)


@pytest.fixture
def homes(tmp_path: Path) -> Iterator[tuple[Settings, Settings]]:
    """The settings of two machines."""
    url = (tmp_path / "store").as_uri()
    return (
        Settings(home=tmp_path / "one", store=url, expiry_s=3600),
        Settings(home=tmp_path / "two", store=url, expiry_s=3600),
    )


@pytest.fixture
def here(homes: tuple[Settings, Settings]) -> OwnerStore:
    return OwnerStore(OWNER, homes[0])


@pytest.fixture
def there(homes: tuple[Settings, Settings]) -> OwnerStore:
    return OwnerStore(OWNER, homes[1])


def stored(settings: Settings) -> list[str]:
    """Names of all files of items in the store."""
    mirror = get_mirror(settings)
    assert mirror is not None
    return sorted(name.rpartition("/")[2] for name in mirror.remote.listing("owners"))


def test_what_one_keeps_the_other_finds_changes_and_deletes(here: OwnerStore, there: OwnerStore) -> None:
    item = here.add("uploads", b"abc", name="photos.zip", details={"classes": 2})
    assert [(found.name, found.num_bytes > 3) for found in there.items("uploads")] == [("photos.zip", True)]
    assert there.path("uploads", item).read_bytes() == b"abc"
    assert there.used_bytes() == here.used_bytes() > 3

    there.rename("uploads", item, "holiday.zip")
    there.add_files("uploads", item, {"saved": b"", "more.txt": b"more"})
    assert (here.item("uploads", item).name, here.file("uploads", item, "more.txt").read()) == ("holiday.zip", b"more")

    here.delete("uploads", item)
    assert there.items("uploads") == []
    assert not list((there.mirrored.root / "uploads").glob("*/*"))
    with pytest.raises(InvalidArgumentError, match="was not found"):
        there.path("uploads", item)


def test_quotas_count_what_other_machines_have_stored(here: OwnerStore, homes: tuple[Settings, Settings]) -> None:
    here.add("uploads", b"x" * 5000, name="photos.zip")
    for limit, words in (("owner_quota_bytes", "a session to store"), ("server_quota_bytes", "all sessions")):
        there = OwnerStore(OWNER, homes[1].model_copy(update={limit: 5500}))
        with pytest.raises(InvalidArgumentError, match=words):
            there.add("uploads", b"x" * 1000, name="more.zip")


def test_a_listing_fetches_descriptions_only(here: OwnerStore, there: OwnerStore) -> None:
    item = here.add("runs", b"x" * 5000, name="a run")
    assert [found.item_id for found in there.items("runs")] == [item]
    assert [path.name for path in (there.mirrored.root / "runs" / item).iterdir()] == ["item.json"]
    assert there.folder("runs", item).joinpath("content").stat().st_size == 5000


def test_files_that_a_task_wrote_or_deleted_itself_are_told(here: OwnerStore, there: OwnerStore) -> None:
    item = here.add("datasets", b"abc", name="a set")
    before_s = time.time() - 1
    folder = here.folder("datasets", item)
    (folder / "edition.json").write_text("{}")
    (folder / "content").unlink()
    here.mirrored.keep_changed(before_s)
    assert sorted(path.name for path in there.folder("datasets", item).iterdir()) == ["edition.json", "item.json"]


def test_half_of_an_item_is_seen_by_nobody(
    here: OwnerStore, there: OwnerStore, homes: tuple[Settings, Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one who uploads ends before the description is there, which comes last."""
    mirror = get_mirror(homes[0])
    assert mirror is not None
    upload = mirror.remote.upload

    def upload_half(files: dict[str, Path]) -> None:
        if any(name.endswith("item.json") for name in files):
            raise MemoryError
        upload(files)

    monkeypatch.setattr(mirror.remote, "upload", upload_half)
    with pytest.raises(MemoryError):
        here.add("runs", b"abc", name="half")
    assert stored(homes[0]) == ["content"]
    assert there.items("runs") == []
    monkeypatch.undo()
    assert len(here.items("runs")) == 1
    expire(homes[1], now_s=time.time() + 2 * 3600)
    assert stored(homes[0]) == []


def test_a_store_that_is_gone_is_said_and_loses_nothing(
    here: OwnerStore, there: OwnerStore, homes: tuple[Settings, Settings], tmp_path: Path
) -> None:
    kept = here.add("runs", b"before", name="before")
    assert there.path("runs", kept).read_bytes() == b"before"
    folder, elsewhere = tmp_path / "store", tmp_path / "elsewhere"
    folder.rename(elsewhere)
    folder.write_text("what is no folder can hold nothing")
    with (
        pytest.raises(StorageError, match="store of this lab does not answer"),
        here.draft("runs", name="after") as draft,
    ):
        (draft.folder / "content").write_bytes(b"after")
    assert here.room_bytes() > 0, "whether a run fits is asked before it is kept"
    with pytest.raises(StorageError):
        there.items("runs")
    folder.unlink()
    elsewhere.rename(folder)
    expire(homes[0])  # every few minutes: what could not be uploaded is now
    assert {item.name for item in there.items("runs")} == {"before", "after"}
    assert there.path("runs", draft.item_id).read_bytes() == b"after"


def test_an_empty_store_in_the_place_of_the_old_one_deletes_nothing(
    here: OwnerStore, tmp_path: Path, homes: tuple[Settings, Settings]
) -> None:
    """A network disk that is not mounted looks like this."""
    item = here.add("runs", b"abc", name="a run")
    (tmp_path / "store").rename(tmp_path / "elsewhere")
    with pytest.raises(StorageError):
        here.items("runs")
    assert (here.mirrored.root / "runs" / item / "content").read_bytes() == b"abc"
    assert [found.name for found in here.items("runs")] == ["a run"], "the new store gets what is here"


def test_two_writers_at_once_lose_no_file_and_agree(here: OwnerStore, there: OwnerStore) -> None:
    item = here.add("recordings", b"", name="camera")

    def write(store: OwnerStore, name: str) -> None:
        for number in range(5):
            store.add_files("recordings", item, {f"{name}{number}.jpg": name.encode()})
            store.set_details("recordings", item, {"by": name, "number": number})

    with ThreadPoolExecutor() as both:
        for done in [both.submit(write, here, "a"), both.submit(write, there, "b")]:
            done.result()
    names = [sorted(path.name for path in store.folder("recordings", item).glob("*.jpg")) for store in (here, there)]
    assert names[0] == names[1]
    assert len(names[0]) == 10
    assert here.details("recordings", item) == there.details("recordings", item)


def test_what_is_used_on_one_machine_expires_on_none(
    here: OwnerStore, there: OwnerStore, homes: tuple[Settings, Settings], tmp_path: Path
) -> None:
    item = here.add("runs", b"abc", name="a run")
    there.path("runs", item)
    long_ago_s = time.time() - 2 * 3600
    for path in tmp_path.rglob("item.json"):
        os.utime(path, (long_ago_s, long_ago_s))
    for path in (tmp_path / "store").rglob("content"):
        os.utime(path, (long_ago_s, long_ago_s))
    assert there.path("runs", item).read_bytes() == b"abc", "this is the use of it"
    expire(homes[0])
    assert here.path("runs", item).read_bytes() == b"abc", "it is fetched again"
    expire(homes[1], now_s=time.time() + 2 * 3600)
    assert stored(homes[0]) == []
    assert there.items("runs") == here.items("runs") == []


def test_lessons_and_recordings_go_on_on_another_machine(here: OwnerStore, there: OwnerStore) -> None:
    change_progress(here, lambda progress: progress.model_copy(update={"step": "train"}))
    assert change_progress(there, lambda progress: progress.model_copy(update={"is_open": True})).step == "train"
    assert read_progress(here).is_open

    Recording(here, ["a", "b"]).add_frames("0", 5, 0, [b"one", b"two"])
    recording = Recording(there, [])
    assert [len(recorded.frames) for recorded in recording.classes()] == [2, 0]
    recording.empty_class("0")
    assert [len(recorded.frames) for recorded in Recording(here, []).classes()] == [0, 0]


def test_who_works_on_a_thing_is_told_from_who_has_died(
    here: OwnerStore, there: OwnerStore, homes: tuple[Settings, Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "RENEWED_EVERY_S", 0.05)
    monkeypatch.setattr(lease, "_LAPSES_AFTER_S", 0.5)
    item = here.add("unfinished", b"", name="a run")
    with here.mirrored.lease("unfinished", item):
        assert there.mirrored.is_leased("unfinished", item, certain=False)
        assert there.mirrored.is_leased("unfinished", item, certain=True)
    assert not there.mirrored.is_leased("unfinished", item, certain=True)
    mirror = get_mirror(homes[0])
    assert mirror is not None
    mirror.remote.write(f"owners/{here.mirrored.root.name}/unfinished/{item}/.held", b"by the one who is dead")
    assert not there.mirrored.is_leased("unfinished", item, certain=True)


def test_classes_are_joined_on_one_machine_and_led_on_another(homes: tuple[Settings, Settings]) -> None:
    here, there = (ClassStore(settings) for settings in homes)
    code = here.open(
        OWNER, ClassPlan(experiment="dense_layers", dataset="digits", base="VGG16Slim", weights="embedded")
    )
    assert there.get(code).plan.dataset == "digits"
    students = [there.join(code, new_owner(), "Ana"), here.join(code, new_owner(), "Bruno")]
    with pytest.raises(InvalidArgumentError, match="called"):
        here.join(code, new_owner(), "ana")
    assert [member.number for member in here.members(code)] == [1, 2]
    there.change(code, OWNER, paused=True)
    assert here.get(code).paused
    there.rename(code, OWNER, students[0].member_id, "Anna")
    assert [member.nickname for member in here.members(code)] == ["Anna", "Bruno"]
    assert len(there.classes_of(OWNER)) == 1
    here.erase(code, OWNER)
    assert there.classes_of(OWNER) == []


def test_measurements_features_and_sets_are_made_once_for_all_machines(
    homes: tuple[Settings, Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    def work_in(settings: Settings) -> None:
        monkeypatch.setenv("TLCORE_HOME", str(settings.home))
        monkeypatch.setenv("TLCORE_STORE", settings.store)
        get_settings.cache_clear()

    drawn = {"num_images": 60, "image_size": (32, 32), "seed": 0}
    cell = {"data": {"dataset": "digits", "stored": None}}
    work_in(homes[0])
    dataset = ready_dataset("digits", **drawn)
    keep("tensor_counts", cell, {"values": {"tensors": 4}})
    store_entry("key", [np.arange(6.0).reshape(2, 3)], Computation("float32", 0.1))
    work_in(homes[1])
    monkeypatch.setattr("tlcore.datasets.load_dataset", None)  # nobody draws it again
    assert is_ready("digits", **drawn)
    assert np.array_equal(ready_dataset("digits", **drawn).train.images, dataset.train.images)
    assert recall("tensor_counts", cell) == {"values": {"tensors": 4}}
    found = load_entry("key")
    assert found is not None
    assert found.arrays[0].tolist() == [[0, 1, 2], [3, 4, 5]]


def test_own_images_have_one_name_on_all_machines(
    here: OwnerStore, homes: tuple[Settings, Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    with here.draft("datasets", name="a set") as draft:
        (draft.folder / "dataset.json").write_text("{}")
    monkeypatch.setenv("TLCORE_STORE", homes[1].store)
    names = []
    for settings in homes:
        monkeypatch.setenv("TLCORE_HOME", str(settings.home))
        get_settings.cache_clear()
        names.append(own_set_name(settings.home / "owners" / here.mirrored.root.name / "datasets" / draft.item_id))
        assert (own_set_path(names[0]) / "dataset.json").is_file()
    assert names[0] == names[1]
    assert is_own_set(names[0])
    assert own_set_path("owners/../../etc") == Path("owners/../../etc"), "a path like any other: no name of a set"


def test_without_a_store_nothing_is_written_beside_the_items(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    store = OwnerStore(OWNER, settings)
    store.add("uploads", b"abc", name="a")
    assert get_mirror(settings) is None
    assert sorted(path.name for path in settings.home.iterdir()) == ["owners"]


def test_an_address_that_nobody_can_use_is_said(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="of the kind nonsense"):
        OwnerStore(OWNER, Settings(home=tmp_path, store="nonsense://bucket"))
