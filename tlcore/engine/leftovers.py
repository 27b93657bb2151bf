"""What killed processes leave in the home: drafts of files and of items, uploads that no job will read any more."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ..settings import Settings
from ..store.lifetimes import UNFINISHED, UNFINISHED_EXPIRY_S
from .scratch import Scratch

_DRAFTS = (f".{UNFINISHED}", UNFINISHED, ".export-")  # beginnings of the names of folders
_DRAFT_ENDING = ".tmp"  # of files whose names begin with a dot


def tidy_up(settings: Settings) -> Scratch:
    """Called once when a server starts, before it serves anybody.

    Where no other process uses the home, all drafts go, and all uploads: the jobs that would have read them ended with
    the server before. Beside others, only what is older than an hour.

    Args:
        settings: Whose home.

    Returns:
        A folder for the temporary files of this process; close it at the end.

    Raises:
        OSError: The home cannot be written.
    """
    home = settings.home.absolute()
    scratch = Scratch(home / "scratch")
    newest_s = time.time() - (0.0 if scratch.alone else UNFINISHED_EXPIRY_S)
    found = [*_drafts_in(home), *((home / "owners").glob("*/uploads/*") if scratch.alone else ())]
    for path in found:
        with suppress(OSError):  # another process was faster
            if path.stat().st_mtime <= newest_s:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    return scratch


def _drafts_in(home: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(home):
        drafts = [name for name in folders if name.startswith(_DRAFTS)]
        drafts += [name for name in files if name.startswith(".") and name.endswith(_DRAFT_ENDING)]
        folders[:] = [name for name in folders if name not in drafts]  # they are looked into no further
        yield from (Path(root) / name for name in drafts)
