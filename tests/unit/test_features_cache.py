"""Features on disk: found by content, shared, bounded, never half there."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tlcore.features import cache
from tlcore.features.cache import Computation, entry_key, images_digest, load_entry, store_entry
from tlcore.settings import get_settings

FACTS = Computation("float32", 0.5, runtime="litert", times_predict=3.0)


@pytest.fixture
def arrays() -> list[NDArray[np.float32]]:
    generator = np.random.default_rng(0)
    return [generator.random((5, 3), np.float32), generator.random((5, 2, 2), np.float32)]


def entries(home: Path) -> list[str]:
    return sorted(folder.name for folder in (home / "features").iterdir())


def test_what_is_stored_is_found_memory_mapped(arrays: Any) -> None:
    assert load_entry("a") is None
    stored = store_entry("a", arrays, FACTS)
    found = load_entry("a")
    assert found is not None
    assert (stored.hit, found.hit, found.on_disk, found.computation) == (False, True, True, FACTS)
    assert all(isinstance(array, np.memmap) for array in found.arrays)
    assert all(np.array_equal(ours, theirs) for ours, theirs in zip(found.arrays, arrays, strict=True))


def test_half_precision_takes_half_the_bytes(arrays: Any) -> None:
    import ml_dtypes

    half = [array.astype(ml_dtypes.bfloat16) for array in arrays]
    store_entry("half", half, FACTS)
    found = load_entry("half")
    assert found is not None
    assert found.num_bytes * 2 == sum(array.nbytes for array in arrays)
    assert found.arrays[0].dtype == ml_dtypes.bfloat16
    assert np.array_equal(found.arrays[1], half[1])


@pytest.mark.parametrize(
    "damage",
    ["a changed byte", "a short file", "an empty file", "no array", "a broken description", "half a description"],
)
def test_a_damaged_entry_is_forgotten(arrays: Any, isolated_home: Path, damage: str) -> None:
    store_entry("a", arrays, FACTS)
    entry = isolated_home / "features" / "a"
    array, content = entry / "0.npy", bytearray((entry / "0.npy").read_bytes())
    if damage == "a changed byte":
        content[-1] ^= 1
        array.write_bytes(content)
    elif damage == "a short file":
        array.write_bytes(content[:-8])
    elif damage == "an empty file":  # what a power cut leaves
        array.write_bytes(b"")
    elif damage == "no array":
        array.unlink()
    elif damage == "half a description":
        facts = json.loads((entry / "entry.json").read_text())
        del facts["computation"]["precision"]
        (entry / "entry.json").write_text(json.dumps(facts))
    else:
        (entry / "entry.json").write_text('{"arrays": 3')
    assert load_entry("a") is None
    assert store_entry("a", arrays, FACTS).on_disk


def test_the_oldest_entries_make_room(arrays: Any, isolated_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    store_entry("old", arrays, FACTS)
    store_entry("used again", arrays, FACTS)
    one = sum(file.stat().st_size for file in (isolated_home / "features" / "old").iterdir())
    monkeypatch.setenv("TLCORE_MAX_CACHE_BYTES", str(2 * one + 100))
    get_settings.cache_clear()
    os.utime(isolated_home / "features" / "old", (1, 1))
    store_entry("new", arrays, FACTS)
    assert entries(isolated_home) == ["new", "used again"]


def test_more_than_the_cache_holds_stays_in_memory(
    arrays: Any, isolated_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TLCORE_MAX_CACHE_BYTES", "10")
    get_settings.cache_clear()
    stored = store_entry("a", arrays, FACTS)
    assert not stored.on_disk
    assert np.array_equal(stored.arrays[0], arrays[0])
    assert not (isolated_home / "features").exists()


def test_a_full_disk_leaves_nothing_half_written(
    arrays: Any, isolated_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = np.save
    calls: list[int] = []

    def full_at_the_second_array(file: Any, array: Any, **options: Any) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        save(file, array, **options)

    monkeypatch.setattr(cache.np, "save", full_at_the_second_array)
    stored = store_entry("a", arrays, FACTS)
    assert not stored.on_disk
    assert np.array_equal(stored.arrays[1], arrays[1])
    assert entries(isolated_home) == []


def test_a_faster_job_may_have_written_the_same_entry(arrays: Any, isolated_home: Path) -> None:
    store_entry("a", arrays, FACTS)
    again = store_entry("a", arrays, FACTS)
    assert again.on_disk
    assert entries(isolated_home) == ["a"]


STORING = """
import sys
import numpy as np
from tlcore.features.cache import Computation, store_entry

facts = Computation("float32", 0.5)
arrays = [np.arange(6, dtype=np.float32)]
sys.stdin.readline()
sys.exit(sum(not store_entry(f"entry-{number}", arrays, facts).on_disk for number in range(200)))
"""


def test_two_jobs_that_store_the_same_entries_both_find_them_on_disk(isolated_home: Path) -> None:
    jobs = [
        subprocess.Popen([sys.executable, "-c", STORING], stdin=subprocess.PIPE, cwd=Path(__file__).parents[2])
        for _ in range(2)
    ]
    for job in jobs:
        assert job.stdin is not None
        job.stdin.write(b"\n")
        job.stdin.close()
    assert [job.wait(timeout=100) for job in jobs] == [0, 0]
    assert len(entries(isolated_home)) == 200


def test_keys_tell_pixels_sizes_and_precisions_apart() -> None:
    images = np.arange(24, dtype=np.uint8).reshape(2, 2, 2, 3)
    changed = images.copy()
    changed[0, 0, 0, 0] += 1
    digests = {images_digest(part) for part in (images, changed, images.reshape(1, 4, 2, 3), images.astype(np.float32))}
    assert len(digests) == 4
    assert entry_key("same", "float32") != entry_key("same", "bfloat16")
