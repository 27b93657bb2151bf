"""Outputs of frozen networks on disk, found again by their content.

An entry is a folder named by a hash of everything that decides its numbers: the network's structure and weights, where
it was cut, the bytes and size of the images, and the precision. It appears by one atomic rename, so that another job
sees all of it or nothing; each array carries a checksum, so that a damaged entry is computed again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
import zlib
from collections import Counter
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tlcore.files import delete_oldest
from tlcore.mirror.caches import fetch_folder, is_in_store, keep_folder
from tlcore.settings import get_settings
from tlcore.store.lifetimes import UNFINISHED, UNFINISHED_EXPIRY_S

_DESCRIPTION = "entry.json"
_ROOT = "features"
_DRAFT = f".{UNFINISHED}"
#: How often this process has looked for an entry: "hit" and "miss".
LOOKUPS: Counter[str] = Counter()


@dataclass(frozen=True)
class Computation:
    """How outputs were computed, kept beside them.

    Attributes:
        precision: "float32" or "bfloat16".
        seconds_per_image: What a forward pass cost here.
        parity: Relative difference of the half-precision outputs to float32, where it was measured.
        runtime: "tensorflow" or "litert".
        times_predict: How many times as fast as Keras's `predict` this was, where that was measured.
    """

    precision: str
    seconds_per_image: float
    parity: float | None = None
    runtime: str = "tensorflow"
    times_predict: float | None = None


@dataclass(frozen=True)
class CachedOutputs:
    """Outputs of a network for a set of images.

    Attributes:
        arrays: One `(N, ...)` array an output, `float32` or `bfloat16`; memory-mapped where they lie on disk.
        hit: They were there already: the network was not run.
        num_bytes: Size of the arrays.
        on_disk: False if the entry did not fit (cache size 0 or too small, or disk full).
        computation: How they were computed, now or back then.
    """

    arrays: list[NDArray[Any]]
    hit: bool
    num_bytes: int
    on_disk: bool
    computation: Computation


def entry_key(identity: str, precision: str) -> str:
    """Name of an entry's folder."""
    return hashlib.blake2b(f"{identity}-{precision}".encode(), digest_size=20).hexdigest()


def images_digest(images: NDArray[Any]) -> str:
    """Hash of the pixels, their type and shape."""
    digest = hashlib.blake2b(f"{images.dtype}{images.shape}".encode(), digest_size=16)
    digest.update(np.ascontiguousarray(images).data)
    return digest.hexdigest()


def _folder() -> Path:
    return get_settings().home / _ROOT


def is_kept(key: str) -> bool:
    """Whether there is an entry called `key`; its arrays are not looked at."""
    return (_folder() / key / _DESCRIPTION).is_file() or is_in_store(f"{_ROOT}/{key}")


def load_entry(key: str) -> CachedOutputs | None:
    """The entry called `key`, memory-mapped; None if there is none, or a damaged one, which is deleted."""
    found = _load(key)
    LOOKUPS["miss" if found is None else "hit"] += 1
    return found


def _load(key: str) -> CachedOutputs | None:
    entry = _folder() / key
    if not entry.exists() and not fetch_folder(f"{_ROOT}/{key}"):
        return None
    try:
        facts = json.loads((entry / _DESCRIPTION).read_text())
        arrays = [_open(entry / f"{index}.npy", described) for index, described in enumerate(facts["arrays"])]
        size = sum(array.nbytes for array in arrays)
        computation = Computation(**facts["computation"])
        os.utime(entry)  # last use, for the choice of what to delete
    except Exception:  # numpy's reader raises whatever the damage leads to: forget the entry and compute it again
        shutil.rmtree(entry, ignore_errors=True)
        return None
    return CachedOutputs(arrays, True, size, True, computation)


def _open(file: Path, described: dict[str, Any]) -> NDArray[Any]:
    array = np.load(file, mmap_mode="r", allow_pickle=False)
    if zlib.crc32(array.data) != described["checksum"]:
        raise ValueError(file.name)
    return _as_type(array, described["dtype"])


def _as_type(array: NDArray[Any], dtype: str) -> NDArray[Any]:
    """.npy files know no bfloat16: it is kept as the same bits in uint16."""
    if dtype != "bfloat16":
        return array
    import ml_dtypes

    return array.view(ml_dtypes.bfloat16)


def store_entry(key: str, arrays: list[NDArray[Any]], computation: Computation) -> CachedOutputs:
    """Keeps `arrays` under `key` if they fit; what comes back can be used either way."""
    size = sum(array.nbytes for array in arrays)
    in_memory = CachedOutputs(arrays, False, size, False, computation)
    if size > get_settings().max_cache_bytes:
        return in_memory
    try:
        _write(_folder() / key, arrays, computation)
        keep_folder(f"{_ROOT}/{key}")
        _delete_oldest(keep=key)
    except OSError:  # a full or read-only disk costs the cache, not the run
        return in_memory
    stored = load_entry(key)
    mapped = stored.arrays if stored is not None else arrays
    return CachedOutputs(mapped, False, size, stored is not None, computation)


def _write(entry: Path, arrays: list[NDArray[Any]], computation: Computation) -> None:
    entry.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=entry.parent, prefix=_DRAFT))
    try:
        described = [_write_array(draft / f"{index}.npy", array) for index, array in enumerate(arrays)]
        (draft / _DESCRIPTION).write_text(json.dumps({"computation": asdict(computation), "arrays": described}))
        draft.rename(entry)
    except OSError:
        if not (entry / _DESCRIPTION).exists():  # else another job was faster: its entry is as good
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _write_array(file: Path, array: NDArray[Any]) -> dict[str, Any]:
    dtype = array.dtype.name
    bits = np.ascontiguousarray(array.view(np.uint16) if dtype == "bfloat16" else array)
    with file.open("wb") as stream:
        np.save(stream, bits, allow_pickle=False)
    return {"dtype": dtype, "checksum": zlib.crc32(bits.data)}


def _delete_oldest(keep: str) -> None:
    """Deletes the entries that were not used for longest until the rest fits, and drafts of jobs that died."""
    entries = []
    for folder in _folder().iterdir():
        try:
            used_s, size = folder.stat().st_mtime, sum(file.stat().st_size for file in folder.iterdir())
        except OSError:  # another job deleted or renamed it meanwhile
            continue
        if not folder.name.startswith(_DRAFT):
            entries.append((used_s, size, folder))
        elif time.time() - used_s > UNFINISHED_EXPIRY_S:
            shutil.rmtree(folder, ignore_errors=True)
    delete = partial(shutil.rmtree, ignore_errors=True)
    delete_oldest(entries, get_settings().max_cache_bytes, keep=_folder() / keep, delete=delete)
