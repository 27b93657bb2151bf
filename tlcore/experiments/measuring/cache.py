"""Measured cells on disk: the same cell, measured by the same code, is never measured twice on one machine.

Nor on several that have a store in common.
"""

from __future__ import annotations

import hashlib
import json
import time
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from ...features.forward import StoppedError
from ...files import source_fingerprint, write_atomically
from ...mirror.caches import fetch_file, keep_file
from ...settings import get_settings
from ...store.editions import is_edition
from ...store.lifetimes import DESCRIPTION
from ...store.own_sets import is_own_set
from ..specification import Cell, ExperimentSpec, Watcher
from .machine import describe_machine

#: What a claim's module imports and no measurement depends on: the other claims, and the code that is shown.
_NOT_DECISIVE = ("tlcore.experiments.registry", "tlcore.experiments.shown_code", "tlcore.lesson_code")


@lru_cache(maxsize=64)
def code_version(name: str) -> str:
    """Changes whenever code or embedded weights change on which the measurements of experiment `name` depend."""
    claim = f"tlcore.experiments.claims.{name}"
    return source_fingerprint(claim, data=("*.safetensors",), without=_NOT_DECISIVE)


def cell_key(name: str, cell: Cell) -> str:
    """Address of a cell's measurement."""
    content = json.dumps([name, cell, code_version(name), _stamp_of_stored(cell)], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def _stamp_of_stored(cell: Cell) -> list[Any]:
    """Names, sizes and times of a folder's files, since other images may come to lie under the same path.

    Without the store's own file, whose time says when they were used last, and without editions, which are other sets.
    """
    stored = cell.get("data", {}).get("stored")
    if stored is None or is_own_set(stored):
        return []
    source = Path(stored)
    files = sorted(file for file in source.rglob("*") if file.is_file()) if source.is_dir() else [source]
    files = [file for file in files if file.name != DESCRIPTION and not is_edition(file)]
    facts = ((file.as_posix(), file.stat()) for file in files if file.is_file())
    return [[name, status.st_size, status.st_mtime_ns] for name, status in facts]


def _path(key: str) -> str:
    """Of its file, below the home."""
    return f"experiments/{key[:2]}/{key}.json"


def recall(name: str, cell: Cell) -> dict[str, Any] | None:
    """The record of a cell that was measured before; None without one, or where the file is damaged."""
    path = _path(cell_key(name, cell))
    fetch_file(path)
    try:
        record = json.loads((get_settings().home / path).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) and isinstance(record.get("values"), dict) else None


def keep(name: str, cell: Cell, record: dict[str, Any]) -> None:
    """Writes a record in one step, so that a reader never meets half of it."""
    path = _path(cell_key(name, cell))
    write_atomically(get_settings().home / path, json.dumps(record))
    keep_file(path)


def measure(spec: ExperimentSpec, cell: Cell, watcher: Watcher, *, again: bool = False) -> dict[str, Any]:
    """Measures a cell, or recalls what was measured on this machine.

    Args:
        spec: The experiment.
        cell: One cell of its grid.
        watcher: Gets the events of the measurement and may cancel it; a cancelled one is not kept.
        again: Measure even if there is a record.

    Returns:
        The record: `values`, `seconds`, `machine`, `measured_at` (UTC), `code`, `recalled`, `stopped`.
    """
    known = None if again else recall(spec.name, cell)
    if known is not None:
        return {**known, "recalled": True, "stopped": False}
    start = time.perf_counter()
    try:
        values = spec.measure(cell, watcher)
    except StoppedError:
        values = {}
    record = {
        "values": values,
        "seconds": time.perf_counter() - start,
        "machine": describe_machine(),
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "code": code_version(spec.name),
    }
    stopped = watcher.should_stop()
    if not stopped:
        keep(spec.name, cell, record)
    return {**record, "recalled": False, "stopped": stopped}
