"""The shipped tables: every network at its default size, with and without its top, readable without tensorflow.

Made by `python -m scripts.catalog`; a test makes them again and compares.
"""

from __future__ import annotations

import gzip
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from .registry import get_architecture
from .serialization import summary_from_plain, summary_to_plain
from .summary import ArchitectureSummary

FOLDER = Path(__file__).parent / "catalog"
INDEX = "index.json"
_COMPRESSION = 9


def catalog_path(name: str) -> Path:
    """File that holds the tables of a network."""
    return FOLDER / f"{name}.json.gz"


def catalogued(
    name: str,
    *,
    input_shape: tuple[int, int, int] | None = None,
    include_top: bool = True,
    num_classes: int | None = None,
    pooling: str | None = None,
) -> ArchitectureSummary | None:
    """The table of a network if it is shipped, without importing tensorflow.

    Args:
        name: One of `list_architectures()`.
        input_shape, include_top, num_classes, pooling: As for `describe`.

    Returns:
        The table, or None where only building the network can tell.
    """
    spec = get_architecture(name)
    default_shape = input_shape is None or tuple(input_shape) == spec.default_input_shape
    default_top = num_classes in (None, spec.num_classes) if include_top else pooling is None
    if not (default_shape and default_top and catalog_path(name).exists()):
        return None
    return _load(name, bool(include_top))


def has_batch_norm(name: str) -> bool:
    """Whether the base of a network normalises by batches, told from its table; False where none is shipped."""
    table = catalogued(name, include_top=False)
    return table is not None and any(layer.type == "BatchNormalization" for layer in table.layers)


@lru_cache(maxsize=128)
def _load(name: str, include_top: bool) -> ArchitectureSummary:
    content = json.loads(gzip.decompress(catalog_path(name).read_bytes()))
    table = content["with_top" if include_top else "without_top"]
    rows = [content["rows"][position] for position in table["layers"]]
    return summary_from_plain({**table, "layers": rows})


def encode_tables(with_top: ArchitectureSummary, without_top: ArchitectureSummary) -> bytes:
    """Both tables as the bytes of one file; rows that both have are kept once.

    Args:
        with_top: Table of the network with its dense layers.
        without_top: And without them.

    Returns:
        Compressed JSON, the same bytes for the same tables.
    """
    rows: list[str] = []
    positions: dict[str, int] = {}
    content: dict[str, Any] = {}
    for key, summary in (("with_top", with_top), ("without_top", without_top)):
        plain = summary_to_plain(summary)
        plain["layers"] = [_position(json.dumps(row), rows, positions) for row in plain["layers"]]
        content[key] = plain
    content["rows"] = [json.loads(row) for row in rows]
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False, sort_keys=True)
    return gzip.compress(text.encode(), _COMPRESSION, mtime=0)


def _position(row: str, rows: list[str], positions: dict[str, int]) -> int:
    if row not in positions:
        positions[row] = len(rows)
        rows.append(row)
    return positions[row]


@lru_cache(maxsize=1)
def catalog_index() -> dict[str, dict[str, Any]]:
    """What is computed of each network at its default size, by name; see `tlcore.architectures.comparison`."""
    content: dict[str, dict[str, Any]] = json.loads((FOLDER / INDEX).read_text(encoding="utf-8"))
    return content
