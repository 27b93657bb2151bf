"""How one version of a file in the store is told from another."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

_ONE_PART = 8 * 1024**2


@dataclass(frozen=True)
class Stamp:
    """A file in the store.

    Attributes:
        version: Another one after each change.
        num_bytes: Its size.
        modified_s: When it was written, by the store's clock, in seconds since the epoch.
    """

    version: str
    num_bytes: int
    modified_s: float


def stamp_of(facts: Mapping[str, Any]) -> Stamp:
    """Of a file as fsspec tells of it."""
    modified = facts.get("LastModified") or facts.get("mtime") or facts.get("updated") or facts.get("last_modified")
    modified_s = modified.timestamp() if isinstance(modified, datetime) else float(modified or 0.0)
    version = facts.get("ETag") or facts.get("etag") or f"{facts.get('ino', '')}-{modified_s!r}"
    return Stamp(f"{version}-{facts['size']}", int(facts["size"]), modified_s)


def version_of_s3(source: Path, size: int) -> str:
    """S3's version of what is uploaded in one part and not encrypted with a key of one's own: its MD5."""
    if size > _ONE_PART:
        return ""
    digest = hashlib.md5(source.read_bytes(), usedforsecurity=False).hexdigest()
    return f'"{digest}"-{size}'


def take_place(target: Path, content: bytes) -> bool:
    """Writes a file whole, unless there is one already; says whether it did."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(6)}.tmp")
    draft.write_bytes(content)
    try:
        os.link(draft, target)  # unlike a move it never takes the place of a file that is there
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True
